class Complaint(Exception):
    """Something that whoever runs the command can mend: said in a sentence, without a trace."""
