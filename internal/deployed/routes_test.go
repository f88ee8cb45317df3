package deployed_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// httpAPI is an HTTP API. Its routes come from an OpenAPI document, or else are resources of their own.
type httpAPI struct {
	Body struct {
		Paths      map[string]map[string]operation
		Components struct {
			SecuritySchemes map[string]map[string]string
		}
	}
	Target, RouteKey string // must be empty: they make a route that needs no authorization
}

type operation struct {
	Security    []map[string][]string
	Integration struct{ Type, URI, PayloadFormatVersion string } `json:"x-amazon-apigateway-integration"`
}

type route struct{ APIID, RouteKey, AuthorizationType, AuthorizerID, Target string }

type integration struct{ APIID, IntegrationType, IntegrationURI, PayloadFormatVersion string }

type permission struct{ Action, FunctionName, Principal, SourceArn string }

func (o operation) key(method, path string) string {
	if path == "$default" {
		return path
	}
	return strings.ToUpper(method) + " " + path
}

func (o operation) function() string {
	match := regexp.MustCompile(`/functions/\$\{(\w+)\.Arn\}/invocations$`).FindStringSubmatch(o.Integration.URI)
	if match == nil || o.Integration.Type != "aws_proxy" || o.Integration.PayloadFormatVersion != "2.0" {
		return "not a function that is handed events of version 2.0: " + o.Integration.URI
	}
	return match[1]
}

// promised maps the routes of internal/adminapi/openapi.yaml to their operation ids.
func promised(t *testing.T) map[string]string {
	t.Helper()
	source, err := os.ReadFile("../adminapi/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Fatal(err)
	}
	routes := map[string]string{}
	for path, methods := range document.Paths {
		for method, node := range methods {
			var operation struct {
				ID string `yaml:"operationId"`
			}
			if node.Kind == yaml.MappingNode && node.Decode(&operation) == nil {
				routes[strings.ToUpper(method)+" "+path] = operation.ID
			}
		}
	}
	return routes
}

// routesOf maps the routes of each API to the functions that serve them.
func routesOf(t *testing.T, from resources) map[string]map[string]string {
	t.Helper()
	routes := map[string]map[string]string{}
	for id, api := range propertiesOf[httpAPI](t, from, "AWS::ApiGatewayV2::Api") {
		routes[id] = map[string]string{}
		for path, operations := range api.Body.Paths {
			for method, operation := range operations {
				routes[id][operation.key(method, path)] = operation.function()
			}
		}
	}
	integrations := propertiesOf[integration](t, from, "AWS::ApiGatewayV2::Integration")
	for id, route := range propertiesOf[route](t, from, "AWS::ApiGatewayV2::Route") {
		to := integrations[strings.TrimSuffix(strings.TrimPrefix(route.Target, "integrations/${"), "}")]
		if to.APIID != route.APIID || to.IntegrationType != "AWS_PROXY" || to.PayloadFormatVersion != "2.0" {
			t.Errorf("%s leads to %+v, want a function that gets events of version 2.0", id, to)
		}
		routes[nameIn(route.APIID)][route.RouteKey] = strings.TrimSuffix(nameIn(to.IntegrationURI), ".Arn")
	}
	return routes
}

// nameIn returns the name in ${name}.
func nameIn(reference string) string {
	return strings.TrimSuffix(strings.TrimPrefix(reference, "${"), "}")
}

// pageFunction serves the page's files, which hold no customer's data.
const pageFunction = "PageFunction"

func TestTheRoutesAreThoseOfTheContract(t *testing.T) {
	signed := map[string]string{"$default": "ConnectorsFunction"} // it answers 404 and 405
	for route, operation := range promised(t) {
		signed[route] = "ConnectorsFunction"
		if operation == "verify" {
			signed[route] = "VerifyFunction"
		}
	}
	withJWT := map[string]string{
		"POST /v1/tenants/{tenant}/verify": "VerifyFunction", "ANY /v1/tenants/{tenant}/{proxy+}": "ConnectorsFunction",
	}
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack := declared(t, parameters)
			want := map[string]map[string]string{"Api": signed}
			if parameters["JwtIssuer"] != "" {
				want["JwtApi"] = withJWT
			}
			if parameters["JwtClientId"] != "" {
				want["JwtApi"] = maps.Clone(withJWT)
				want["JwtApi"]["GET /"], want["JwtApi"]["GET /page/{file}"] = pageFunction, pageFunction
			}
			routes := routesOf(t, stack)
			if diff := cmp.Diff(want, routes); diff != "" {
				t.Errorf("routes and their functions by API (-openapi.yaml +template):\n%s", diff)
			}
			served := map[string]bool{}
			for _, stage := range propertiesOf[stage](t, stack, "AWS::ApiGatewayV2::Stage") {
				served[nameIn(stage.APIID)] = stage.StageName == "$default" && stage.AutoDeploy
			}
			permissions := slices.Collect(maps.Values(propertiesOf[permission](t, stack, "AWS::Lambda::Permission")))
			for api, routes := range routes {
				if !served[api] {
					t.Errorf("%s does not answer below the URL in the stack's outputs, or has another declaration", api)
				}
				for route, function := range routes {
					if !slices.ContainsFunc(permissions, func(p permission) bool { return p.lets(api, route, function) }) {
						t.Errorf("%s has no permission to call %s for %s; callers would get a 500", api, function, route)
					}
				}
			}
		})
	}
}

// lets reports whether an API may call a function for a route.
func (p permission) lets(api, route, function string) bool {
	call := executeAPI + "${" + api + "}/$default/" + strings.Replace(route, " ", "", 1)
	return p.FunctionName == "${"+function+"}" && matches(p.SourceArn, call)
}
