"""The words for a change: phrase, title, summary, details. Pure; it renders and escapes nothing.

What upstream wrote freely stands in quotes and in the details only; identifiers (versions, tags,
file and model names) stand plain where they match their pattern, and are left out where not.
"""

from tracker.words.facts import facts
from tracker.words.phrases import phrase
from tracker.words.sentences import details
from tracker.words.summaries import summary
from tracker.words.titles import headline, subject, title

__all__ = ["details", "facts", "headline", "phrase", "subject", "summary", "title"]
