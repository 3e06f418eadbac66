// The page, copied.

export const isAsync = false;
export const open = () => (page) => [page.slice()];
