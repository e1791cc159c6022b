// What packages get for string-width, imported or required: one measure of text for all, and one that starts quickly.
module.exports = require('../src/text/width.ts').widthOf;
