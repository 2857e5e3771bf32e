"""The version of this program; the data say which one made them."""

VERSION = "0.1.0"
