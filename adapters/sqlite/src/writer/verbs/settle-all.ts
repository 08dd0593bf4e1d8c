/** Does nothing by itself: before a verb that is not apart from the logs everything is settled. */
export function settleAll(): void {}
