// Nothing is done: what a worker costs at all.
export default { fetch: (request) => fetch(request) };
