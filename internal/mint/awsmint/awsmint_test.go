package awsmint_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/mint"
	"cloudmonitor.ai/copilot-connector/internal/mint/awsmint"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

const clientSecret = "canary-client-secret"

// secretOf stores the App's secret and returns it.
func secretOf(t *testing.T, cloud aws.Config, content map[string]string) awsmint.Secret {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	client := secretsmanager.NewFromConfig(cloud)
	created, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("app/" + t.Name()), SecretString: aws.String(string(text))})
	if err != nil {
		t.Fatal(err)
	}
	return awsmint.Secret{Client: client, ARN: *created.ARN}
}

// keyIn makes a key in KMS and returns its ARN and its public half.
func keyIn(t *testing.T, client *kms.Client) (arn string, public *rsa.PublicKey) {
	t.Helper()
	created, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: types.KeySpecRsa2048, KeyUsage: types.KeyUsageTypeSignVerify})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.GetPublicKey(t.Context(), &kms.GetPublicKeyInput{KeyId: created.KeyMetadata.Arn})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKIXPublicKey(got.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return *created.KeyMetadata.Arn, parsed.(*rsa.PublicKey)
}

// lambdaOf plays AWS Lambda with one function. It counts its invocations.
func lambdaOf(t *testing.T, serve func(context.Context, mint.Request) (mint.Answer, error), invoked *int) *lambda.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*invoked++
		var asked mint.Request
		text, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/2015-03-31/functions/mint/invocations" || json.Unmarshal(text, &asked) != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		answer, err := serve(r.Context(), asked)
		if err != nil {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			_, _ = io.WriteString(w, `{"errorMessage":"canary"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(answer) //nolint:gosec // G117 takes the name of a field for a credential; the JWT is what the function is asked for
	}))
	t.Cleanup(server.Close)
	return lambda.New(lambda.Options{Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: aws.AnonymousCredentials{}})
}

// The key is in KMS, or in the secret beside the client secret. Either way the simulated GitHub takes what is signed.
func TestAnInstallationIsOpenedByWhatAnotherFunctionSigns(t *testing.T) {
	t.Parallel()
	cloud := awstest.Moto(t)
	cast := githubsim.CastStackApp()
	arn, public := keyIn(t, kms.NewFromConfig(cloud))
	for name, content := range map[string]map[string]string{
		"kms": {"clientSecret": clientSecret}, "secret": {"clientSecret": clientSecret, "privateKey": cast.PrivateKey},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reads := map[string]string{"members": "read", "organization_copilot_metrics": "read"}
			app := cast.Asking(reads)
			app.ClientSecret = clientSecret
			if name == "kms" {
				app.Keys = []*rsa.PublicKey{public}
			}
			clock := testworld.NewClock(time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))
			gitHub, service, _ := testworld.GitHub(t, clock.Now, githubsim.Account{
				Kind: githubsim.Organization, Slug: "octo", Plan: githubsim.PlanBusiness, Seats: 3, People: []githubsim.Person{{Login: "olga"}},
				Apps: []githubsim.App{app}, Installations: []githubsim.Installation{{ID: 7, App: app.ID, Permissions: reads}},
			})
			secret := secretOf(t, cloud, content)
			key := secret.Key(app.ClientID, clock.Now)
			if name == "kms" {
				key = awsmint.KMSKey(kms.NewFromConfig(cloud), app.ClientID, arn, clock.Now)
			}
			invoked := 0
			client := mint.NewClient(awsmint.Invoke(lambdaOf(t, mint.Serve(service.HeldSecrets(key, secret.ClientSecret)), &invoked), "mint"), clock.Now)
			service = service.WithStackApp(&github.StackApp{ClientID: app.ClientID, Slug: app.Slug, Secrets: client})

			for range 2 { // the second uses the JWT of the first
				code := gitHub.Authorize(app.ClientID, "olga")
				opened := service.Connect(copilot.GitHubCom, credential.NewInstallation(7, code))
				installation, err := opened.Open(t.Context(), copilot.Account{Host: copilot.GitHubCom}, credential.Installation{})
				opened.Close(t.Context())
				if err != nil || installation.AccountSlug != "octo" {
					t.Fatalf("%+v, %v", installation, err)
				}
			}
			if invoked != 3 { // a JWT and two codes
				t.Errorf("the function was invoked %d times", invoked)
			}
			_, err := client.UserToken(t.Context(), "used-or-made-up")
			refused, ok := errors.AsType[*fault.Error](err)
			if !ok || refused.Code != fault.CodeRefused || !strings.Contains(refused.Said, "incorrect or expired") {
				t.Errorf("a code that GitHub does not take: %v", err)
			}
		})
	}
}

// Whatever fails, the error has no part of a secret, and nothing is taken for a refusal of GitHub's.
func TestASecretThatIsOfNoUseIsTroubleOfOurs(t *testing.T) {
	t.Parallel()
	cloud := awstest.Moto(t)
	service, err := github.NewService("http://127.0.0.1:1/", time.Now, github.WithoutPauses())
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]apptoken.Key{
		"no key in KMS":  awsmint.KMSKey(kms.NewFromConfig(cloud), "Iv1", "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000", time.Now),
		"no secret":      awsmint.Secret{Client: secretsmanager.NewFromConfig(cloud), ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-AbCdEf"}.Key("Iv1", time.Now),
		"no private key": secretOf(t, cloud, map[string]string{"clientSecret": "canary"}).Key("Iv1", time.Now),
	} {
		invoked := 0
		client := mint.NewClient(awsmint.Invoke(lambdaOf(t, mint.Serve(service.HeldSecrets(key, nil)), &invoked), "mint"), time.Now)
		for what, signer := range map[string]apptoken.Signer{"at hand": key, "by the function": client} {
			if _, err := signer.JWT(t.Context()); err == nil || !fault.CodeOf(err).Ours() || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "arn:") {
				t.Errorf("%s %s: %v", name, what, err)
			}
		}
	}
}
