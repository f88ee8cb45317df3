package platform_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// environ sets exactly these of the variables that the project reads.
func environ(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{"DATA_DIR", "FORMER_TOKEN_VAULT", "GITHUB_API_URL", "GITHUB_APP_CLIENT_ID", "GITHUB_APP_CLIENT_SECRET_FILE", "GITHUB_APP_KEY_ARN", "GITHUB_APP_MINT_FUNCTION", "GITHUB_APP_PRIVATE_KEY_FILE", "GITHUB_APP_SECRET_ARN", "GITHUB_APP_SLUG", "JWT_CLIENT_ID", "JWT_ISSUER", "JWT_SCOPE", "JWT_TENANT_CLAIM", "LISTEN", "NOW", "OPERATIONS_TOPIC_ARN", "PRICES", "QUEUE_URL", "SECRET_KMS_KEY", "SECRET_PREFIX", "STACK_NAME", "TABLE_NAME", "TOKEN_KEY_ARN", "TOKEN_TABLE", "TOKEN_VAULT", "TOPIC_PREFIX_ARN"} {
		t.Setenv(name, values[name])
	}
}

func TestWithoutSettingsTheDefaultsApply(t *testing.T) {
	environ(t, nil)
	if got, err := platform.ReadVerifySettings(); err != nil || got != (platform.VerifySettings{Prices: "{}"}) {
		t.Errorf("verify: got %+v, %v", got, err)
	}
	if got, err := platform.ReadLocalSettings(); err != nil || got != (platform.LocalSettings{Listen: "127.0.0.1:8080", DataDir: ".data", Prices: "{}"}) {
		t.Errorf("local: got %+v, %v", got, err)
	}
}

func TestSettingsAreRead(t *testing.T) {
	environ(t, map[string]string{
		"GITHUB_API_URL": "https://api.github.com", "LISTEN": "[::1]:0", "NOW": "2026-11-22T10:00:00+01:00", "DATA_DIR": "/data",
		"TABLE_NAME": "table", "QUEUE_URL": "https://sqs/tasks", "SECRET_PREFIX": "connector/", "PRICES": `{"credit":"0.009"}`,
		"SECRET_KMS_KEY": "arn:key", "JWT_TENANT_CLAIM": "tenant", "JWT_ISSUER": "https://login.example.com/", "JWT_CLIENT_ID": "page", "JWT_SCOPE": "openid",
		"OPERATIONS_TOPIC_ARN": "arn:operations", "TOPIC_PREFIX_ARN": "arn:prefix",
	})
	mail := platform.MailSettings{OperationsTopic: "arn:operations", TopicPrefix: "arn:prefix"}
	tokens := platform.TokenSettings{Vault: platform.SecretsManager, SecretPrefix: "connector/", SecretKey: "arn:key"}
	if got, err := platform.ReadVerifySettings(); err != nil || got.GitHubAPIURL != "https://api.github.com" || got.TenantClaim != "tenant" {
		t.Errorf("verify: got %+v, %v", got, err)
	}
	want := platform.LocalSettings{
		Listen: "[::1]:0", DataDir: "/data", GitHubAPIURL: "https://api.github.com", Prices: `{"credit":"0.009"}`, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	if got, err := platform.ReadLocalSettings(); err != nil || got != want {
		t.Errorf("local: got %+v, %v", got, err)
	}
	connectors := platform.ConnectorsSettings{
		GitHubAPIURL: "https://api.github.com", Table: "table", QueueURL: "https://sqs/tasks", TokenSettings: tokens,
		Prices: `{"credit":"0.009"}`, TenantClaim: "tenant", MailSettings: mail,
	}
	if got, err := platform.ReadConnectorsSettings(); err != nil || got != connectors {
		t.Errorf("connectors: got %+v, %v", got, err)
	}
	shown := platform.PageSettings{Issuer: "https://login.example.com/", ClientID: "page", Scope: "openid", TenantClaim: "tenant"}
	if got, err := platform.ReadPageSettings(); err != nil || got != shown {
		t.Errorf("page: got %+v, %v", got, err)
	}
	collect := platform.CollectSettings{
		GitHubAPIURL: "https://api.github.com", Table: "table", QueueURL: "https://sqs/tasks", TokenSettings: tokens, MailSettings: mail,
	}
	if got, err := platform.ReadCollectSettings(); err != nil || got != collect {
		t.Errorf("collect: got %+v, %v", got, err)
	}
	if got, err := platform.ReadRemindSettings(); err != nil || got != (platform.RemindSettings{MailSettings: mail, Table: "table"}) {
		t.Errorf("remind: got %+v, %v", got, err)
	}
	if got, err := platform.ReadPollSettings(); err != nil || got != (platform.PollSettings{Table: "table", QueueURL: "https://sqs/tasks"}) {
		t.Errorf("poll: got %+v, %v", got, err)
	}
}

func TestOneErrorNamesEveryProblem(t *testing.T) {
	environ(t, map[string]string{"GITHUB_API_URL": "api.github.com", "LISTEN": "8080", "NOW": "yesterday"})
	_, err := platform.ReadLocalSettings()
	if err == nil {
		t.Fatal("invalid settings were accepted")
	}
	for _, name := range []string{"GITHUB_API_URL", "LISTEN", "NOW"} {
		if !strings.Contains(err.Error(), name+" must ") {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
	if _, err := platform.ReadVerifySettings(); err == nil {
		t.Error("verify accepted a URL without a scheme")
	}
	environ(t, map[string]string{"TABLE_NAME": "table", "QUEUE_URL": "arn:aws:sqs:eu-central-1:123456789012:tasks"})
	if _, err := platform.ReadPollSettings(); err == nil || !strings.Contains(err.Error(), "QUEUE_URL must ") {
		t.Errorf("poll accepted an ARN as a URL: %v", err)
	}
}

func TestTheErrorNamesMissingSettings(t *testing.T) {
	environ(t, nil)
	for name, tc := range map[string]struct {
		read  func() error
		wants []string
	}{
		"connectors": {func() error { _, err := platform.ReadConnectorsSettings(); return err }, []string{"OPERATIONS_TOPIC_ARN", "TOPIC_PREFIX_ARN", "TABLE_NAME", "QUEUE_URL", "SECRET_PREFIX"}},
		"poll":       {func() error { _, err := platform.ReadPollSettings(); return err }, []string{"TABLE_NAME", "QUEUE_URL"}},
		"collect":    {func() error { _, err := platform.ReadCollectSettings(); return err }, []string{"OPERATIONS_TOPIC_ARN", "TOPIC_PREFIX_ARN", "TABLE_NAME", "QUEUE_URL", "SECRET_PREFIX"}},
	} {
		if err := tc.read(); err == nil || err.Error() != strings.Join(tc.wants, " is not set\n")+" is not set" {
			t.Errorf("%s: got %v, want %v named", name, err, tc.wants)
		}
	}
}

func TestTheSettingsOfTheVaultMustBeComplete(t *testing.T) {
	all := map[string]string{
		"TABLE_NAME": "table", "SECRET_PREFIX": "connector/", "SECRET_KMS_KEY": "arn:key", "STACK_NAME": "prod",
		"TOKEN_TABLE": "tokens", "TOKEN_KEY_ARN": "arn:token-key",
	}
	with := func(vault, former string, without ...string) map[string]string {
		values := maps.Clone(all)
		values["TOKEN_VAULT"], values["FORMER_TOKEN_VAULT"] = vault, former
		for _, name := range without {
			delete(values, name)
		}
		return values
	}
	secrets := platform.TokenSettings{Vault: platform.SecretsManager, SecretPrefix: "connector/", SecretKey: "arn:key"}
	encrypted := platform.TokenSettings{Vault: platform.KMS, TokenTable: "tokens", TokenKey: "arn:token-key", Stack: "prod"}
	both := platform.TokenSettings{
		Vault: platform.KMS, Former: platform.SecretsManager, SecretPrefix: "connector/", SecretKey: "arn:key",
		TokenTable: "tokens", TokenKey: "arn:token-key", Stack: "prod",
	}
	back := both
	back.Vault, back.Former = both.Former, both.Vault
	for name, tc := range map[string]struct {
		values map[string]string
		want   platform.TokenSettings
		wrong  string // the variable that the error names
	}{
		"no vault named":           {with("", "", "TOKEN_TABLE", "TOKEN_KEY_ARN", "STACK_NAME"), secrets, "FORMER_TOKEN_VAULT is not set"},
		"secrets":                  {with("SecretsManager", ""), secrets, "FORMER_TOKEN_VAULT is not set"},
		"KMS":                      {with("Kms", "", "SECRET_PREFIX", "SECRET_KMS_KEY"), encrypted, "FORMER_TOKEN_VAULT is not set"},
		"during a move":            {with("Kms", "SecretsManager"), both, ""},
		"during a move back":       {with("SecretsManager", "Kms"), back, ""},
		"a move to the same vault": {with("Kms", "Kms"), platform.TokenSettings{}, "must be empty or another"},
		"an unknown vault":         {with("kms", "SecretsManager"), platform.TokenSettings{}, `not "kms"`},
		"an unknown former vault":  {with("Kms", "files"), platform.TokenSettings{}, `not "files"`},
		"no table":                 {with("Kms", "SecretsManager", "TOKEN_TABLE"), platform.TokenSettings{}, "TOKEN_TABLE is not set"},
		"no key":                   {with("Kms", "SecretsManager", "TOKEN_KEY_ARN"), platform.TokenSettings{}, "TOKEN_KEY_ARN is not set"},
		"no prefix":                {with("Kms", "SecretsManager", "SECRET_PREFIX"), platform.TokenSettings{}, "SECRET_PREFIX is not set"},
		"no stack name":            {with("Kms", "SecretsManager", "STACK_NAME"), platform.TokenSettings{}, "STACK_NAME is not set"},
	} {
		environ(t, tc.values)
		got, err := platform.ReadMoveSettings()
		if (err != nil) != (tc.wrong != "") || err != nil && !strings.Contains(err.Error(), tc.wrong) {
			t.Errorf("%s: got %v", name, err)
		}
		if tc.want != (platform.TokenSettings{}) && got.TokenSettings != tc.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestAGitHubAppHasAllOfItsSettingsOrNone(t *testing.T) {
	local := map[string]string{
		"GITHUB_APP_CLIENT_ID": "Iv1", "GITHUB_APP_SLUG": "app", "GITHUB_APP_PRIVATE_KEY_FILE": "key", "GITHUB_APP_CLIENT_SECRET_FILE": "secret",
	}
	environ(t, local)
	if got, err := platform.ReadLocalSettings(); err != nil || got.App != (platform.AppSettings{ClientID: "Iv1", Slug: "app", KeyFile: "key", SecretFile: "secret"}) {
		t.Errorf("got %+v, %v", got.App, err)
	}
	for name := range local {
		some := maps.Clone(local)
		delete(some, name)
		environ(t, some)
		if _, err := platform.ReadLocalSettings(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	environ(t, map[string]string{"GITHUB_APP_CLIENT_ID": "Iv1", "GITHUB_APP_SLUG": "../app"})
	_, err := platform.ReadVerifySettings()
	if err == nil || !strings.Contains(err.Error(), "GITHUB_APP_SLUG must ") || !strings.Contains(err.Error(), "GITHUB_APP_MINT_FUNCTION is not set") {
		t.Errorf("verify: %v", err)
	}
	if _, err := platform.ReadMintSettings(); err == nil || !strings.Contains(err.Error(), "GITHUB_APP_SECRET_ARN is not set") {
		t.Errorf("mint: %v", err)
	}
}
