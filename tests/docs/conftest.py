"""The documents, and what is written in their code blocks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
