"""The command without arXiv's three seconds: with them, a hundred thousand links take minutes
that say nothing. There is no such option, for nobody may ask arXiv so."""

from tracker import cli, sources

if __name__ == "__main__":
    sources.PACES.clear()
    cli.main()
