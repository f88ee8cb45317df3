package deployed_test

import (
	"slices"
	"strings"
	"testing"
)

type function struct {
	Runtime, Handler string
	Architectures    []string
	Timeout          int // seconds
	LoggingConfig    struct{ LogFormat, LogGroup, ApplicationLogLevel string }
	Environment      struct{ Variables map[string]string }
}

type logGroup struct{ RetentionInDays any }

func TestEveryFunctionRunsAReleaseAndLogsItsMetrics(t *testing.T) {
	for id, function := range propertiesOf[function](t, declared(t, nil), "AWS::Lambda::Function") {
		if !slices.Equal(function.Architectures, []string{"arm64"}) || function.Runtime != "provided.al2023" || function.Handler != "bootstrap" {
			t.Errorf("%s runs %s on %s of %v; a release is a bootstrap for arm64 without a runtime", id, function.Handler, function.Runtime, function.Architectures)
		}
		if function.LoggingConfig.LogFormat != "JSON" || function.LoggingConfig.ApplicationLogLevel != "" {
			t.Errorf("%s logs as %+v; metrics need JSON and the level INFO", id, function.LoggingConfig)
		}
		if function.Environment.Variables["STACK_NAME"] != "${AWS::StackName}" {
			t.Errorf("%s does not get the stack's name, without which it writes no metrics: %v", id, function.Environment.Variables)
		}
	}
}

func TestFunctionsBehindTheAPIEndBeforeTheGatewaysTimeLimit(t *testing.T) {
	const gateway = 30 // seconds after which the gateway answers 503
	stack := declared(t, everything)
	functions := propertiesOf[function](t, stack, "AWS::Lambda::Function")
	for api, routes := range routesOf(t, stack) {
		for route, id := range routes {
			if timeout := functions[id].Timeout; timeout <= 0 || timeout >= gateway {
				t.Errorf("%s: %s has %d s for %s, longer than the gateway waits", api, id, timeout, route)
			}
		}
	}
}

func TestEveryFunctionHasALogThatIsKeptAsLongAsTheParameterSays(t *testing.T) {
	stack := declared(t, map[string]string{"LogRetentionDays": "7", "JwtIssuer": "https://login.acme.example/", "JwtAudience": "one"})
	groups := propertiesOf[logGroup](t, stack, "AWS::Logs::LogGroup")
	for id, group := range groups {
		if group.RetentionInDays != "7" {
			t.Errorf("%s is kept for %v days, want LogRetentionDays", id, group.RetentionInDays)
		}
	}
	for id, function := range propertiesOf[function](t, stack, "AWS::Lambda::Function") {
		own := strings.TrimSuffix(id, "Function") + "Logs"
		if _, ok := groups[own]; !ok || nameIn(function.LoggingConfig.LogGroup) != own {
			t.Errorf("%s logs to %q; without a log group of its own, Lambda makes one that is kept for ever", id, function.LoggingConfig.LogGroup)
		}
	}
	stages := propertiesOf[struct {
		AccessLogSettings struct{ DestinationArn, Format string }
	}](t, stack, "AWS::ApiGatewayV2::Stage")
	for id, stage := range stages {
		log, line := stage.AccessLogSettings.DestinationArn, stage.AccessLogSettings.Format
		var members map[string]string
		if decode(t, []byte(line), &members); log != "${ApiLogs.Arn}" || members["caller"] == "" || members["routeKey"] == "" || members["status"] == "" {
			t.Errorf("%s does not log caller, call and result to %q: %s", id, log, line)
		}
	}
	if len(stages) != 2 {
		t.Errorf("the stages are %v", stages)
	}
}
