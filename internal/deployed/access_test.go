package deployed_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// executeAPI is the prefix of the ARNs of API calls.
const executeAPI = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"

type authorizer struct {
	APIID, AuthorizerType string
	IdentitySource        []string
	JwtConfiguration      struct {
		Issuer   string
		Audience []string
	}
}

type stage struct {
	APIID, StageName     string
	AutoDeploy           bool
	DefaultRouteSettings throttling
	RouteSettings        map[string]throttling
}

type throttling struct{ ThrottlingRateLimit, ThrottlingBurstLimit float64 }

func TestNobodyReachesTheAPIWithoutIAMOrAJWT(t *testing.T) {
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack := declared(t, parameters)
			for id, api := range propertiesOf[httpAPI](t, stack, "AWS::ApiGatewayV2::Api") {
				if api.Target != "" || api.RouteKey != "" {
					t.Errorf("%s has a route of its own, which needs no authorization", id)
				}
				for path, operations := range api.Body.Paths {
					for method, operation := range operations {
						if diff := cmp.Diff([]map[string][]string{{"AWS_IAM": {}}}, operation.Security); diff != "" {
							t.Errorf("%s: %s must require an IAM signature and nothing else:\n%s", id, operation.key(method, path), diff)
						}
					}
				}
				if scheme := api.Body.Components.SecuritySchemes["AWS_IAM"]; api.Body.Paths != nil && scheme["x-amazon-apigateway-authtype"] != "awsSigv4" {
					t.Errorf("%s: the scheme AWS_IAM is not an IAM signature: %v", id, scheme)
				}
			}
			authorizers := propertiesOf[authorizer](t, stack, "AWS::ApiGatewayV2::Authorizer")
			routes := routesOf(t, stack)
			for id, route := range propertiesOf[route](t, stack, "AWS::ApiGatewayV2::Route") {
				if routes[nameIn(route.APIID)][route.RouteKey] == pageFunction {
					continue
				}
				by, ok := authorizers[nameIn(route.AuthorizerID)]
				if !ok || route.AuthorizationType != "JWT" || by.APIID != route.APIID {
					t.Errorf("%s can be called without a JWT: %+v with the authorizer %+v", id, route, by)
				}
			}
		})
	}
}

func TestAJWTMustBeFromTheIssuerForOneOfTheAudiences(t *testing.T) {
	stack := declared(t, everything)
	authorizers := propertiesOf[authorizer](t, stack, "AWS::ApiGatewayV2::Authorizer")
	if len(authorizers) != 1 {
		t.Errorf("the authorizers are %v", authorizers)
	}
	for id, by := range authorizers {
		if by.AuthorizerType != "JWT" || !slices.Equal(by.IdentitySource, []string{"$request.header.Authorization"}) {
			t.Errorf("%s reads %s from %v; docs/OPERATIONS.md promises a JWT in Authorization", id, by.AuthorizerType, by.IdentitySource)
		}
		got := append([]string{by.JwtConfiguration.Issuer}, by.JwtConfiguration.Audience...)
		if diff := cmp.Diff(append([]string{everything["JwtIssuer"]}, strings.Split(everything["JwtAudience"], ",")...), got); diff != "" {
			t.Errorf("%s accepts another issuer or audience than the parameters (-want +got):\n%s", id, diff)
		}
	}
}

func TestOnlyBrowsersOfTheNamedOriginsMayCall(t *testing.T) {
	type cors struct {
		CorsConfiguration *struct {
			AllowOrigins, AllowHeaders, AllowMethods []string
			AllowCredentials                         bool
		}
	}
	for id, api := range propertiesOf[cors](t, declared(t, nil), "AWS::ApiGatewayV2::Api") {
		if api.CorsConfiguration != nil {
			t.Errorf("%s allows other origins by default: %+v", id, api.CorsConfiguration)
		}
	}
	of := propertiesOf[cors](t, declared(t, everything), "AWS::ApiGatewayV2::Api")["JwtApi"].CorsConfiguration
	if of == nil || of.AllowCredentials || !slices.Equal(of.AllowOrigins, strings.Split(everything["AllowedOrigins"], ",")) {
		t.Errorf("the API for callers with a JWT allows the origins %+v", of)
	}
}

func TestOnlyTheAPIsAndTheStackCallFunctions(t *testing.T) {
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack := declared(t, parameters)
			for id, resource := range stack {
				if strings.HasPrefix(resource.Type, "AWS::Lambda::") && !slices.Contains([]string{
					"AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig",
				}, resource.Type) {
					t.Errorf("%s, of type %s, may be another way to call a function, such as a URL, that this test does not check", id, resource.Type)
				}
			}
			apis := propertiesOf[httpAPI](t, stack, "AWS::ApiGatewayV2::Api")
			for id, by := range propertiesOf[permission](t, stack, "AWS::Lambda::Permission") {
				source, ok := strings.CutPrefix(by.SourceArn, executeAPI)
				api, _, _ := strings.Cut(source, "/")
				if _, ours := apis[nameIn(api)]; !ok || !ours || by.Principal != "apigateway.amazonaws.com" || by.Action != "lambda:InvokeFunction" {
					t.Errorf("%s allows a caller that is not an API of this stack: %+v", id, by)
				}
			}
		})
	}
}

func TestCallsThatReachGitHubAreLimitedToFiveASecond(t *testing.T) {
	asksGitHub := []string{"verify", "saveConnector", "rotateToken", "replaceCredential", "pollConnector"}
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			for id, stage := range propertiesOf[stage](t, declared(t, parameters), "AWS::ApiGatewayV2::Stage") {
				if nameIn(stage.APIID) != "Api" {
					if most := stage.DefaultRouteSettings; most != (throttling{10, 20}) || stage.RouteSettings != nil {
						t.Errorf("%s allows %v calls a second; its one route serves both Save and reads, so the limit must lie between theirs", id, most)
					}
					continue
				}
				settings := maps.Clone(stage.RouteSettings)
				for route, operation := range promised(t) {
					want, got := throttling{50, 100}, stage.DefaultRouteSettings
					if slices.Contains(asksGitHub, operation) {
						want = throttling{5, 10}
					}
					if own, ok := settings[route]; ok {
						got = own
					}
					delete(settings, route)
					if got != want {
						t.Errorf("%s allows %v calls of %s a second, want %v", id, got, route, want)
					}
				}
				if len(settings) > 0 {
					t.Errorf("%s has throttling for unknown routes: %v", id, settings)
				}
			}
		})
	}
}
