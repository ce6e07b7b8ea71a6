"""`python -m deploy.catalogue FOLDER` writes the catalogue, fit for any server of files."""

import sys
from pathlib import Path

from deploy.catalogue.site import write

if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program, and its one word)
        sys.exit(__doc__)
    sys.stdout.write(f"{write(Path(sys.argv[1]))} files are in {sys.argv[1]}.\n")
