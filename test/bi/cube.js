// Cube's settings; it listens to the network, so whoever asks has to know the word of this run.
module.exports = {
	telemetry: false,
	scheduledRefreshTimer: false,
	checkAuth: (request, word) => {
		if (word !== process.env.CUBEJS_API_SECRET) throw new Error('not allowed');
		request.securityContext = {};
	},
};
