/* The empty payload: what is left of a run when nothing at all is run.
 * Its status is one that no tool under test makes up itself, so a run counts only if it really got
 * here. */
int
main(void)
{
	return 42;
}
