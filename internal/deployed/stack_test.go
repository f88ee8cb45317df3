package deployed_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
)

// stack is a deployed stack.
type stack struct {
	t         *testing.T
	cloud     aws.Config
	resources resources
	created   map[string]string // physical ids by logical ids
}

// deploy creates a stack as `sam deploy` does, with the given parameters.
func deploy(t *testing.T, name string, parameters map[string]string) *stack {
	t.Helper()
	s := &stack{t: t, resources: declared(t, parameters), cloud: awstest.Moto(t), created: map[string]string{}}
	upload(t, *s.cloud.BaseEndpoint)
	stacks := cloudformation.NewFromConfig(s.cloud)
	request := &cloudformation.CreateStackInput{
		StackName: &name, TemplateBody: aws.String(forMoto(t, translated(t))), Capabilities: []types.Capability{types.CapabilityCapabilityIam},
	}
	for key, value := range parameters {
		request.Parameters = append(request.Parameters, types.Parameter{ParameterKey: &key, ParameterValue: &value})
	}
	if _, err := stacks.CreateStack(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	described, err := stacks.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil || described.Stacks[0].StackStatus != types.StackStatusCreateComplete {
		t.Fatalf("the stack is %+v, %v", described, err)
	}
	list, err := stacks.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range list.StackResources {
		if id := aws.ToString(resource.PhysicalResourceId); id != "" { // moto gives no id to resources that it does not know
			s.created[*resource.LogicalResourceId] = id
		}
	}
	return s
}

// uploading lets one test upload at a time, because moto cannot replace an object while another request does.
var uploading sync.Mutex

// upload puts a file where the template expects the code of the functions. Nothing runs it.
func upload(t *testing.T, endpoint string) {
	t.Helper()
	uploading.Lock()
	defer uploading.Unlock()
	var archive bytes.Buffer
	if err := zip.NewWriter(&archive).Close(); err != nil {
		t.Fatal(err)
	}
	for _, object := range []struct {
		path    string
		content io.Reader
	}{{codeBucket, http.NoBody}, {codeBucket + "/" + codeKey, &archive}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, endpoint+"/"+object.path, object.content)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/s3/aws4_request") // moto checks no signature
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Fatalf("putting %s: %s", object.path, response.Status)
		}
	}
}

// configuration returns the configuration of a deployed function.
func (s *stack) configuration(function string) *lambda.GetFunctionConfigurationOutput {
	s.t.Helper()
	configuration, err := lambda.NewFromConfig(s.cloud).GetFunctionConfiguration(s.t.Context(), &lambda.GetFunctionConfigurationInput{
		FunctionName: aws.String(s.created[function]),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return configuration
}

// environment returns the environment variables that the template gives a function.
func (s *stack) environment(function string) []string {
	s.t.Helper()
	var environment []string
	for name, value := range s.configuration(function).Environment.Variables {
		environment = append(environment, name+"="+value)
	}
	return environment
}
