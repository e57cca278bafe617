/** What stands in front of the ids in a comment that ignores rules. */
export const ignoreMark = 'clusterprofile:ignore';
