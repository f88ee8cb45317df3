package main_test

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// The built verify asks the built mint, by a program that plays AWS Lambda. Only mint is given the App's secrets.
func TestTheBuiltFunctionMintsForVerify(t *testing.T) {
	cloud := awstest.Moto(t)
	cast := githubsim.CastStackApp()
	secret, err := json.Marshal(map[string]string{"clientSecret": cast.ClientSecret, "privateKey": cast.PrivateKey})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := secretsmanager.NewFromConfig(cloud).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String(rand.Text()), SecretString: aws.String(string(secret))})
	if err != nil {
		t.Fatal(err)
	}
	simulated := githubsim.New(time.Now, githubsim.Cast(time.Now())...)
	gitHub := httptest.NewServer(simulated)
	t.Cleanup(gitHub.Close)
	proxy := lambdatest.NewAWS(t, *cloud.BaseEndpoint)
	mint := lambdatest.Start(t, lambdatest.Build(t, "MintFunction"), append(proxy.Environment(),
		"GITHUB_API_URL="+gitHub.URL, "GITHUB_APP_CLIENT_ID="+cast.ClientID, "GITHUB_APP_SECRET_ARN="+*stored.ARN)...)
	invoked := 0
	lambda := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		invoked++
		payload, _ := io.ReadAll(r.Body)
		_, _ = w.Write(mint.Invoke(payload))
	}))
	t.Cleanup(lambda.Close)
	verify := lambdatest.Start(t, lambdatest.Build(t, "VerifyFunction"), "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_ENDPOINT_URL_LAMBDA="+lambda.URL, "GITHUB_API_URL="+gitHub.URL,
		"GITHUB_APP_CLIENT_ID="+cast.ClientID, "GITHUB_APP_SLUG="+cast.Slug, "GITHUB_APP_MINT_FUNCTION=mint")

	text, err := os.ReadFile("../../events/verify.json")
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	decode(t, text, &event)
	code := simulated.Authorize(cast.ClientID, githubsim.Connectables()[0].Owner)
	ask := func() (answer events.APIGatewayV2HTTPResponse) {
		event["body"] = `{"installation":{"installationId":51000010,"code":"` + code + `"}}`
		request, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		decode(t, verify.Invoke(request), &answer)
		return answer
	}
	if first := ask(); first.StatusCode != http.StatusOK || !strings.Contains(first.Body, `"ok":true`) || !strings.Contains(first.Body, `"slug":"octo-connect"`) {
		t.Errorf("got %d %.500s", first.StatusCode, first.Body)
	}
	if second := ask(); !strings.Contains(second.Body, "code_refused") {
		t.Errorf("the same code again: %d %.500s", second.StatusCode, second.Body)
	}
	if invoked != 3 { // one JWT, two codes
		t.Errorf("mint was invoked %d times", invoked)
	}
	proxy.MayAll("MintRole")
	for name, log := range map[string]string{"mint": mint.Stop(), "verify": verify.Stop()} {
		for _, leaked := range []string{code, cast.ClientSecret, "ghu_", "ghs_", "eyJ", strings.Split(cast.PrivateKey, "\n")[3]} {
			if strings.Contains(log, leaked) {
				t.Errorf("%q is in the log of %s", leaked, name)
			}
		}
	}
}

func decode(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}
