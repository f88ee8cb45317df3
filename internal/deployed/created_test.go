package deployed_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
)

// key is the ARN of a customer's own key.
const key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

// everything sets each parameter whose default leaves a resource out.
var everything = map[string]string{
	"Stage": "prod", "NotificationAddress": "ops@acme.example", "KmsKeyArn": key, "MoveTokensFrom": "Kms",
	"Prices":    `{"business":"17.50","enterprise":"35","credit":"0.009","currency":"EUR"}`,
	"JwtIssuer": "https://login.acme.example/", "JwtAudience": "copilot-connector,copilot-reports",
	"GitHubAppClientId": "Iv23liCloudMonitor01", "GitHubAppSlug": "cloudmonitor-copilot", "GitHubAppKeyArn": key,
	"GitHubAppSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf",
	"JwtClientId":        "page", "JwtScope": "openid offline_access", "AllowedOrigins": "https://admin.acme.example,https://reports.acme.example",
}

// namedBy is the property with the fixed name of a resource, by the resource's type. Moto does not create these resources,
// or ignores the property.
var namedBy = map[string]string{"AWS::Scheduler::Schedule": "Name", "AWS::CloudWatch::Alarm": "AlarmName", "AWS::CloudWatch::Dashboard": "DashboardName"}

func TestTheCreatedStacks(t *testing.T) {
	t.Parallel()
	one, two := deploy(t, "one", nil), deploy(t, "two", everything)
	shareNothing(t, one, two)
	hasTheTableOfTheTests(t, one)
	keepsFailedTasks(t, two)
}

func shareNothing(t *testing.T, one, two *stack) {
	t.Helper()
	for logical, physical := range one.created {
		if two.created[logical] == physical {
			t.Errorf("both stacks have the %s %s", logical, physical)
		}
	}
	for logical, resource := range one.resources {
		var properties map[string]json.RawMessage
		decode(t, resource.Properties, &properties)
		if name, fixed := properties[namedBy[resource.Type]]; fixed && !strings.Contains(string(name), "AWS::StackName") {
			t.Errorf("%s has the name %s in both stacks", logical, name)
		}
	}
	same := []string{"PRICES", "TOKEN_VAULT", "GOGC"}
	for _, function := range one.functions() {
		theirs := two.configuration(function).Environment.Variables
		for name, value := range one.configuration(function).Environment.Variables {
			if !slices.Contains(same, name) && value != "" && theirs[name] == value {
				t.Errorf("%s gets %s=%s in both stacks", function, name, value)
			}
		}
	}
}

func hasTheTableOfTheTests(t *testing.T, s *stack) {
	t.Helper()
	tables := dynamodb.NewFromConfig(s.cloud)
	describe := func(name string) *types.TableDescription {
		out, err := tables.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		return out.Table
	}
	deployed, ofTests := describe(s.created["Table"]), describe(awstest.CreateTable(t, tables))
	for what, of := range map[string]func(*types.TableDescription) any{
		"attributes": func(d *types.TableDescription) any { return d.AttributeDefinitions },
		"keys":       func(d *types.TableDescription) any { return d.KeySchema },
		"indexes":    func(d *types.TableDescription) any { return d.GlobalSecondaryIndexes },
		"billing":    func(d *types.TableDescription) any { return d.BillingModeSummary },
	} {
		if diff := cmp.Diff(string(encode(t, of(ofTests))), string(encode(t, of(deployed)))); diff != "" {
			t.Errorf("the deployed %s differ (-want +got):\n%s", what, diff)
		}
	}
}

// keepsFailedTasks checks that tasks reach collect, and that those which fail again and again are kept.
func keepsFailedTasks(t *testing.T, s *stack) {
	t.Helper()
	tasks, failed := s.attributesOf("Tasks"), s.attributesOf("FailedTasks")
	var redrive struct {
		Target string `json:"deadLetterTargetArn"`
		Most   int    `json:"maxReceiveCount"`
	}
	decode(t, []byte(tasks["RedrivePolicy"]), &redrive)
	if redrive.Target != failed["QueueArn"] || redrive.Most != 5 {
		t.Errorf("a failed task goes to %s after %d attempts; docs/OPERATIONS.md says to FailedTasks after five", redrive.Target, redrive.Most)
	}
	for _, queue := range []string{"FailedTasks", "LostTriggers"} {
		if kept := s.attributesOf(queue)["MessageRetentionPeriod"]; kept != "1209600" {
			t.Errorf("%s keeps a message for %s s, want two weeks", queue, kept)
		}
	}
	if tasks["KmsMasterKeyId"] != key || failed["KmsMasterKeyId"] != key {
		t.Errorf("the queues are encrypted with %q and %q", tasks["KmsMasterKeyId"], failed["KmsMasterKeyId"])
	}
	mappings, err := lambda.NewFromConfig(s.cloud).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{
		FunctionName: aws.String(s.created["CollectFunction"]),
	})
	if err != nil || len(mappings.EventSourceMappings) != 1 {
		t.Fatalf("collect has %+v, %v", mappings, err)
	}
	mapping := mappings.EventSourceMappings[0]
	if aws.ToString(mapping.EventSourceArn) != tasks["QueueArn"] || aws.ToInt32(mapping.BatchSize) != 1 || !slices.Contains(mapping.FunctionResponseTypes, "ReportBatchItemFailures") {
		t.Errorf("collect gets %d messages of %s at a time, and answers with %v", aws.ToInt32(mapping.BatchSize), aws.ToString(mapping.EventSourceArn), mapping.FunctionResponseTypes)
	}
	if mapping.ScalingConfig == nil || aws.ToInt32(mapping.ScalingConfig.MaximumConcurrency) != 300 {
		t.Errorf("collect does not run 300 times at once, as docs/OPERATIONS.md says: %s", encode(t, mapping.ScalingConfig))
	}
	hidden, err := strconv.Atoi(tasks["VisibilityTimeout"])
	if timeout := *s.configuration("CollectFunction").Timeout; err != nil || hidden < 6*int(timeout) {
		t.Errorf("a task is hidden for %d s, %v; Lambda requires six times collect's time limit of %d s, or a task may run twice", hidden, err, timeout)
	}
}

// functions returns the logical ids of the functions.
func (s *stack) functions() []string {
	var functions []string
	for id := range propertiesOf[struct{}](s.t, s.resources, "AWS::Lambda::Function") {
		functions = append(functions, id)
	}
	return functions
}

func (s *stack) attributesOf(queue string) map[string]string {
	s.t.Helper()
	out, err := sqs.NewFromConfig(s.cloud).GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(s.created[queue]), AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Attributes
}
