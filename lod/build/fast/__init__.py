"""The fast path of writing: questions of the same form differ in values only, and fill the same templates.

The description and the writers remain the only specification. `forms` says what two questions of one form
have in common; the templates of a form are cut from what the ordinary path writes of a *twin*: an invented
question of that form, whose values are found again in the texts. `writer` fills them, and compares what is
filled with what the ordinary path writes: each new form, and one question in a hundred. Whatever does not fit
takes the ordinary path.
"""
