"""Links from questions to other people's data: records in, links with their evidence out; no RDF.

`citations`: laws, decrees, articles of codes, acts of the European Union, other questions that a text cites.
"""
