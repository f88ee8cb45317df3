module cloudmonitor.ai/copilot-connector

go 1.26.0

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/google/go-cmp v0.7.0
	github.com/google/go-github/v66 v66.0.0
)

require github.com/google/go-querystring v1.1.0 // indirect
