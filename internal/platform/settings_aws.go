package platform

import (
	"os"
	"strings"
)

// AWSSettings is what Lambda tells a function of where it runs and as whom.
type AWSSettings struct {
	Region, AccessKeyID, SecretAccessKey, SessionToken string

	// Endpoints are base URLs that take the place of AWS's own, by the name the SDK has for the service.
	Endpoints map[string]string
}

// ReadAWSSettings reads the environment, under the names that AWS's SDKs have for it: AWS_ENDPOINT_URL_SECRETS_MANAGER.
func ReadAWSSettings() AWSSettings {
	settings := AWSSettings{
		Region: os.Getenv("AWS_REGION"), AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
		Endpoints: map[string]string{},
	}
	for _, service := range []string{"DynamoDB", "KMS", "Secrets Manager", "SNS", "SQS"} {
		if url := os.Getenv("AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ToUpper(service), " ", "_")); url != "" {
			settings.Endpoints[service] = url
		}
	}
	return settings
}
