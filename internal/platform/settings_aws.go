package platform

import (
	"os"
	"strings"
)

// AWSSettings says where a function runs, and with which credentials. Lambda sets it.
type AWSSettings struct {
	Region, AccessKeyID, SecretAccessKey, SessionToken string

	// Endpoints are base URLs that replace AWS's own, by the SDK's name of the service.
	Endpoints map[string]string
}

// ReadAWSSettings reads the environment. The names are those of AWS's SDKs, such as AWS_ENDPOINT_URL_SECRETS_MANAGER.
func ReadAWSSettings() AWSSettings {
	settings := AWSSettings{
		Region: os.Getenv("AWS_REGION"), AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
		Endpoints: map[string]string{},
	}
	for _, service := range []string{"DynamoDB", "KMS", "Lambda", "Secrets Manager", "SNS", "SQS"} {
		if url := os.Getenv("AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ToUpper(service), " ", "_")); url != "" {
			settings.Endpoints[service] = url
		}
	}
	return settings
}
