package lambdatest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The resources of rights, as template.yaml writes them.
const (
	table      = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/<HasOwnTable ? ${Table} : ${RestoredTable}>"
	tasks      = "${Tasks.Arn}"
	ofApp      = "${GitHubAppSecretArn}"
	operations = "${Operations}"
	secrets    = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:copilot-connector/${AWS::StackName}/*"
	tokens     = "${TokenTable.Arn}"
	tokenKey   = "<HasKey ? ${KmsKeyArn} : ${TokenKey.Arn}>"
	ofStack    = `{"StringEquals":{"kms:EncryptionContext:stack":{"Ref":"AWS::StackName"}}}` // the condition on the key of the vault
	topics     = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:copilot-connector_${AWS::StackName}_*"
)

// on is the resource on which a service's operations need rights. needs lists the exceptions.
var on = map[string]string{"dynamodb": table, "secretsmanager": secrets, "sns": topics, "sqs": tasks}

// onlyIf is the condition of the template under which a service is used. Other services are always used.
var onlyIf = map[string]string{"secretsmanager": "HasSecrets"}

// needs lists the operations of AWS for which the action of the same name on the resource in on is not the right one. It has
// the rights by our methods that call the operation. At least one of these must be in the release. Rights under "" are
// needed by every caller.
var needs = map[string]map[string][]Right{
	"dynamodb.DescribeEndpoints": {"": nil}, // used for endpoint discovery only, which is off
	"dynamodb.GetItem": {
		"internal/store/dynamo.(*Table).Get": {{Action: "dynamodb:GetItem", Resource: table}},
		"internal/vault/kms.(*Vault).Get":    {{Action: "dynamodb:GetItem", Resource: tokens, If: "HasTokenTable"}},
	},
	"dynamodb.PutItem": {
		"internal/store/dynamo.(*Table).Put": {{Action: "dynamodb:PutItem", Resource: table}},
		"internal/vault/kms.(*Vault).put":    {{Action: "dynamodb:PutItem", Resource: tokens, If: "HasTokenTable"}},
	},
	"dynamodb.DeleteItem": {
		"internal/store/dynamo.(*Table).Delete": {{Action: "dynamodb:DeleteItem", Resource: table}},
		"internal/vault/kms.(*Vault).Delete":    {{Action: "dynamodb:DeleteItem", Resource: tokens, If: "HasTokenTable"}},
	},
	"dynamodb.Query": {
		"internal/store/dynamo.(*Table).Query": {{Action: "dynamodb:Query", Resource: table}},
		"internal/store/dynamo.(*Table).List":  {{Action: "dynamodb:Query", Resource: table + "/index/listed"}},
	},
	"dynamodb.TransactWriteItems": {
		"internal/store/dynamo.(*Table).Put":    {{Action: "dynamodb:PutItem", Resource: table}},
		"internal/store/dynamo.(*Table).Delete": {{Action: "dynamodb:DeleteItem", Resource: table}},
	},
	"kms.Encrypt": {"": {{Action: "kms:Encrypt", Resource: tokenKey, Where: ofStack, If: "HasTokenTable"}}},
	"kms.Decrypt": {"": {{Action: "kms:Decrypt", Resource: tokenKey, Where: ofStack, If: "HasTokenTable"}}},
	"kms.Sign": {"": {{
		Action: "kms:Sign", Resource: "${GitHubAppKeyArn}", Where: `{"StringEquals":{"kms:SigningAlgorithm":"RSASSA_PKCS1_V1_5_SHA_256"}}`, If: "HasGitHubAppKey",
	}}},
	"lambda.Invoke": {"": {{Action: "lambda:InvokeFunction", Resource: "${MintFunction.Arn}", If: "HasGitHubApp"}}},
	"secretsmanager.GetSecretValue": { // never a version that a rotation has replaced
		"internal/mint/awsmint.Secret.read": {{
			Action: "secretsmanager:GetSecretValue", Resource: ofApp, Where: `{"ForAnyValue:StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}`,
		}},
		"internal/vault/secretsmanager.(*Vault).Get": {{Action: "secretsmanager:GetSecretValue", Resource: secrets, Where: `{"ForAnyValue:StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}`, If: "HasSecrets"}},
	},
	"sns.Publish": {
		"internal/notify/sns.(*Post).Operations": {{Action: "sns:Publish", Resource: operations}},
		"internal/notify/sns.(*Post).Recipients": {{Action: "sns:Publish", Resource: topics}},
	},
	"sns.Unsubscribe":      {"": {{Action: "sns:Unsubscribe", Resource: "*"}}}, // SNS has no narrower resource for it
	"sqs.SendMessageBatch": {"": {{Action: "sqs:SendMessage", Resource: tasks}}},
}

// TestEachRoleAllowsExactlyWhatItsFunctionCanCall compares, for each function of template.yaml, the rights of its role with
// the AWS operations that its release can call and with what Lambda itself does with the role.
func TestEachRoleAllowsExactlyWhatItsFunctionCanCall(t *testing.T) {
	t.Parallel()
	template := ReadTemplate(t)
	for _, function := range template.functions(t) {
		t.Run(function.id, func(t *testing.T) {
			t.Parallel()
			names := canCall(t, function.id)
			operations := operationsIn(names)
			needed := append(rightsFor(t, operations, names), forLambda(function)...)
			needed = append(needed, forKey(needed)...)

			role := roleOf(function)
			allowed := template.Rights(t, role)
			for _, right := range needed {
				if !slices.Contains(allowed, right) {
					t.Errorf("template.yaml: %s lacks %s", role, right)
				}
			}
			for i, right := range allowed {
				if !slices.Contains(needed, right) {
					t.Errorf("template.yaml: %s needs no %s", role, right)
				}
				if slices.Contains(allowed[:i], right) {
					t.Errorf("template.yaml: %s has %s twice", role, right)
				}
			}
			if function.id == "VerifyFunction" && !slices.Equal(operations, []string{"lambda.Invoke"}) { // of the mint function, which hands out no secret
				t.Errorf("the function can call AWS (%v); it must neither store anything nor read a stored token", operations)
			}
		})
	}
}

func TestEachFunctionHasItsOwnRoleThatOnlyLambdaMayAssume(t *testing.T) {
	t.Parallel()
	const onlyLambda = `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}`
	template := ReadTemplate(t)
	var used, declared []string
	for _, function := range template.functions(t) {
		if function.policies != nil {
			t.Errorf("%s has policies beside its role", function.id)
		}
		used = append(used, roleOf(function))
	}
	for id, resource := range template.Resources {
		if resource.Type == "AWS::IAM::Role" {
			declared = append(declared, id)
			if trust := string(template.role(t, id).AssumeRolePolicyDocument); trust != onlyLambda {
				t.Errorf("%s can be assumed by others than Lambda: %s", id, trust)
			}
		} else if strings.HasPrefix(resource.Type, "AWS::IAM::") {
			t.Errorf("%s, of type %s, may give a role rights that its declaration does not show", id, resource.Type)
		}
	}
	slices.Sort(used)
	slices.Sort(declared)
	if diff := cmp.Diff(declared, used); diff != "" {
		t.Errorf("each function must have a role of its own (-declared +used):\n%s", diff)
	}
}

func roleOf(function declaration) (logicalID string) {
	return strings.TrimSuffix(strings.TrimPrefix(function.role, "${"), ".Arn}")
}

// operationsIn returns the AWS operations among the names, such as dynamodb.Query.
func operationsIn(names []string) []string {
	var operations []string
	for _, name := range names {
		rest, ok := strings.CutPrefix(name, "github.com/aws/aws-sdk-go-v2/service/")
		service, method, isMethod := strings.Cut(rest, ".(*Client).")
		if ok && isMethod && method[0] >= 'A' && method[0] <= 'Z' && !strings.Contains(method, ".") {
			operations = append(operations, service+"."+method)
		}
	}
	return operations
}

func rightsFor(t *testing.T, operations, names []string) []Right {
	t.Helper()
	var rights []Right
	for _, operation := range operations {
		service, action, _ := strings.Cut(operation, ".")
		by, ok := needs[operation]
		if !ok {
			rights = append(rights, Right{Action: service + ":" + action, Resource: on[service], If: onlyIf[service]})
			continue
		}
		known := false
		for method, needed := range by {
			if method == "" || slices.Contains(names, "cloudmonitor.ai/copilot-connector/"+method) {
				rights, known = append(rights, needed...), true
			}
		}
		if !known {
			t.Errorf("needs does not say who calls %s", operation)
		}
	}
	return rights
}

// forLambda returns the rights that Lambda itself needs of a function's role.
func forLambda(function declaration) []Right {
	rights := []Right{
		{Action: "logs:CreateLogStream", Resource: "${" + strings.TrimSuffix(function.id, "Function") + "Logs.Arn}"},
		{Action: "logs:PutLogEvents", Resource: "${" + strings.TrimSuffix(function.id, "Function") + "Logs.Arn}"},
		{Action: "xray:PutTraceSegments", Resource: "*"}, // X-Ray has no narrower resource for these
		{Action: "xray:PutTelemetryRecords", Resource: "*"},
	}
	for _, queue := range function.queues {
		for _, action := range []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} {
			rights = append(rights, Right{Action: action, Resource: queue})
		}
	}
	if function.onFailure != "" {
		rights = append(rights, Right{Action: "sqs:SendMessage", Resource: function.onFailure})
	}
	return rights
}

// forKey returns the rights to use what the customer's key encrypts, if there is one: tokens, the table and the queue of tasks.
// A function that writes a token or a message makes a data key. DynamoDB makes the data keys of the table itself.
func forKey(rights []Right) []Right {
	var through []string
	makes := false
	for _, service := range []string{"dynamodb", "secretsmanager", "sqs"} {
		for _, right := range rights {
			if !strings.HasPrefix(right.Action, service+":") || !strings.HasPrefix(right.Resource, on[service]) && right.Resource != ofApp {
				continue
			}
			if via := `{"Fn::Sub":"` + service + `.${AWS::Region}.amazonaws.com"}`; !slices.Contains(through, via) {
				through = append(through, via)
			}
			makes = makes || right.Action == "secretsmanager:CreateSecret" || right.Action == "sqs:SendMessage"
		}
	}
	if through == nil {
		return nil
	}
	where := `{"StringEquals":{"kms:ViaService":[` + strings.Join(through, ",") + `]}}`
	use := []Right{{Action: "kms:Decrypt", Resource: "${KmsKeyArn}", Where: where, If: "HasKey"}}
	if makes {
		use = append(use, Right{Action: "kms:GenerateDataKey", Resource: "${KmsKeyArn}", Where: where, If: "HasKey"})
	}
	return use
}
