"""What runs in GitHub Actions: git, pull requests, and the words on GitHub's own pages."""
