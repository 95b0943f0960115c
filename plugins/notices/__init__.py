"""Public notices: the only code that makes public text, with masked names, postings on boards, objections and proof."""
