package deployed_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// metric is a metric of an alarm or of the dashboard.
type metric struct {
	Namespace, MetricName string
	Dimensions            []dimension
}

type dimension struct{ Name, Value string }

// published has the metrics that AWS publishes for the template's resources, as far as we use them. For each namespace it has the
// one dimension, the type of the resource that the dimension names, and the metrics.
var published = map[string]struct {
	dimension, of string
	metrics       []string
}{
	"AWS/Lambda":     {"FunctionName", "AWS::Lambda::Function", []string{"Invocations", "Errors", "Throttles", "Duration"}},
	"AWS/SQS":        {"QueueName", "AWS::SQS::Queue", []string{"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "NumberOfMessagesDeleted"}},
	"AWS/DynamoDB":   {"TableName", "AWS::DynamoDB::Table", []string{"ReadThrottleEvents", "WriteThrottleEvents"}},
	"AWS/ApiGateway": {"ApiId", "AWS::ApiGatewayV2::Api", []string{"Count", "5xx", "Latency"}},
}

// emitted maps each metric of our code to whether it also has a code as dimension.
func emitted(t *testing.T) map[string]bool {
	t.Helper()
	counts := regexp.MustCompile(`measure\.Count(By)?\(("(\w+)")?`)
	found := map[string]bool{}
	for _, source := range sources(t, "../../functions", "..") {
		for _, match := range counts.FindAllStringSubmatch(source, -1) {
			if match[3] == "" {
				t.Errorf("a metric's name must be a literal, so that this test can compare it with the alarms: %s", match[0])
			}
			found[match[3]] = match[1] != "" || found[match[3]]
		}
	}
	return found
}

// sources reads the Go files below folders, without tests.
func sources(t *testing.T, folders ...string) []string {
	t.Helper()
	var texts []string
	for _, folder := range folders {
		root := os.DirFS(folder)
		err := fs.WalkDir(root, ".", func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(root, path)
			texts = append(texts, string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// exists fails the test for a metric that nothing writes. CloudWatch accepts any name, and an alarm on a wrong name never
// rings. counted is the result of emitted.
func (m metric) exists(t *testing.T, who string, stack resources, counted map[string]bool) {
	t.Helper()
	if m.Namespace == "CopilotConnector" {
		m.isOurs(t, who, counted)
		return
	}
	known := published[m.Namespace]
	if !slices.Contains(known.metrics, m.MetricName) || len(m.Dimensions) != 1 || m.Dimensions[0].Name != known.dimension {
		t.Errorf("%s: AWS does not publish the metric %+v", who, m)
		return
	}
	id, attribute, _ := strings.Cut(nameIn(m.Dimensions[0].Value), ".")
	named := stack[id].Type == known.of && (attribute == "") == (known.of != "AWS::SQS::Queue") // a queue's Ref is its URL
	if restored := m.Dimensions[0].Value == "restored" && known.dimension == "TableName"; !named && !restored {
		t.Errorf("%s: %s names no resource of this stack: %+v", who, known.dimension, m)
	}
}

func (m metric) isOurs(t *testing.T, who string, counted map[string]bool) {
	t.Helper()
	byCode, ok := counted[m.MetricName]
	if !ok {
		t.Errorf("%s: the code has no metric %s", who, m.MetricName)
	}
	if len(m.Dimensions) == 0 || m.Dimensions[0].Name != "stack" || m.Dimensions[0].Value != "${AWS::StackName}" {
		t.Errorf("%s: %s has the dimension stack, but the query has %+v", who, m.MetricName, m.Dimensions)
	}
	if len(m.Dimensions) > 1 && (!byCode || len(m.Dimensions) > 2 || m.Dimensions[1].Name != "code") {
		t.Errorf("%s: %s does not have the dimensions %+v", who, m.MetricName, m.Dimensions[1:])
	}
}
