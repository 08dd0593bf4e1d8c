/** Does nothing by itself: before a verb that is not apart from the logs everything is settled. A commit of this verb alone is not synced: lost, it is done again. */
export function settleAll(): void {}
