export interface UserEvidence {
  /** Known by name, in the order of the model's ids. */
  readonly users: number;
  /** The model's id of the first of them. */
  readonly firstId: number;
  /** The model's id for somebody unknown. */
  readonly unknownId: number;
  /** Rows of the table where users become vectors, as far as it was found. */
  readonly tableRows: number | undefined;
}

/** Throws an Error for ids that the model has no vector for, and where strangers would be answered as somebody else. */
export function assertUserIds({ users, firstId, unknownId, tableRows }: UserEvidence): void {
  const [last, end] = [firstId + users - 1, tableRows ?? Infinity];
  if (last >= end)
    throw new Error(
      `the model knows ${end} ids of users, 0 to ${end - 1}, and ${users} users from ${firstId} on need ${last}; give one line for each in the order of the model's ids, without the one for the unknown, or say it: --first-user 0 --unknown-user ID`,
    );
  if (unknownId >= end)
    throw new Error(
      `--unknown-user is ${unknownId}, and the model knows the ids 0 to ${end - 1} of users`,
    );
  if (unknownId >= firstId && unknownId <= last)
    throw new Error(
      `the id ${unknownId} stands for the unknown and for user ${unknownId - firstId + 1} of ${users}, who must not be answered alike; say another: --unknown-user ID, or --first-user ID`,
    );
}
