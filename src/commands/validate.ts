export const define = () => {};
