"""Addresses with a password in the open, as databases and mail servers have them."""

import re

# A name, which may be missing, and a password before the @. A port and what follows it are no password.
ADDRESS = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@:]*:)(?!\d{1,5}[/?#])(?P<password>\S+)(?=@)")
