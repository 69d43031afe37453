// Starts Cube without its native part, a program for its SQL API and for Jinja that npm does not carry: neither is used here.
const native = require('@cubejs-backend/native');

if (!native.isSupported()) {
	native.setupLogger = () => {};
	native.NativeInstance.prototype.newJinjaEngine = () => ({});
}
process.argv.splice(2);
require('@cubejs-backend/server/bin/server');
