"""What every notebook reads from the installation itself, so that a kernel server has read it before it forks.

Importing this module reads the catalogue of metrics. It opens no workspace and starts no thread.
"""

from mopsnb.data.catalogue import read_catalogue

METRICS = tuple(read_catalogue())
