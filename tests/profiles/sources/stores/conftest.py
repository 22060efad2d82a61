"""Fixtures of buckets, see `tests.buckets`."""

from tests.buckets import authority as authority
from tests.buckets import bucket as bucket
from tests.buckets import environment as environment
from tests.buckets import new_bucket as new_bucket
from tests.buckets import s3 as s3
from tests.buckets import trusting as trusting
