package awstest

// Serve is serve.
var Serve = serve
