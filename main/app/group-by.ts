export { groupBy } from '../core/group-by.js';
