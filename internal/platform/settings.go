package platform

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Settings are read without a library. caarlos0/env would take 0.03 ms of each start, which is nothing, and 85 KB of each
// function's zip. It would save some 40 lines, and the rules between settings, such as those of TokenSettings, would stay here.

// StackAppSettings names the stack's own GitHub App, and the function that uses its secrets. All are empty if there is none.
type StackAppSettings struct {
	ClientID     string
	Slug         string // its name in the address github.com/apps/NAME
	MintFunction string // the name of the function
}

func readStackAppSettings(problems *[]error) StackAppSettings {
	if os.Getenv("GITHUB_APP_CLIENT_ID") == "" {
		return StackAppSettings{}
	}
	settings := StackAppSettings{
		ClientID: os.Getenv("GITHUB_APP_CLIENT_ID"), Slug: required("GITHUB_APP_SLUG", problems), MintFunction: required("GITHUB_APP_MINT_FUNCTION", problems),
	}
	if settings.Slug != "" {
		checkAppSlug(settings.Slug, problems)
	}
	return settings
}

func checkAppSlug(slug string, problems *[]error) {
	if !appSlugs.MatchString(slug) {
		*problems = append(*problems, errors.New("GITHUB_APP_SLUG must be the name of the App as in its address github.com/apps/NAME"))
	}
}

// MintSettings are the settings of the mint function.
type MintSettings struct {
	GitHubAPIURL string // base URL of a REST API; empty: GitHub's own
	ClientID     string // of the stack's GitHub App
	SecretARN    string // its secret in Secrets Manager
	KeyARN       string // its key in KMS; empty: the key is in the secret
}

// ReadMintSettings reads the environment and names everything that is wrong with it.
func ReadMintSettings() (MintSettings, error) {
	var problems []error
	settings := MintSettings{
		GitHubAPIURL: httpURL("GITHUB_API_URL", &problems), ClientID: required("GITHUB_APP_CLIENT_ID", &problems),
		SecretARN: required("GITHUB_APP_SECRET_ARN", &problems), KeyARN: os.Getenv("GITHUB_APP_KEY_ARN"),
	}
	return settings, errors.Join(problems...)
}

// VerifySettings are the settings of the verify function.
type VerifySettings struct {
	StackAppSettings
	GitHubAPIURL string // base URL of a REST API; empty: each account's own host decides
	Prices       string // JSON; {}: GitHub's list
	TenantClaim  string // the claim of a JWT that names its tenant; empty: no JWT has one
}

// ReadVerifySettings reads the environment and names everything that is wrong with it.
func ReadVerifySettings() (VerifySettings, error) {
	var problems []error
	settings := VerifySettings{
		StackAppSettings: readStackAppSettings(&problems),

		GitHubAPIURL: httpURL("GITHUB_API_URL", &problems),
		Prices:       cmp.Or(os.Getenv("PRICES"), "{}"),
		TenantClaim:  os.Getenv("JWT_TENANT_CLAIM"),
	}
	return settings, errors.Join(problems...)
}

// PageSettings are the settings of the page function.
type PageSettings struct {
	Issuer      string // the issuer of JWTs
	ClientID    string // the page's client id at the issuer
	Scope       string // the OAuth scope that a sign-in requests
	TenantClaim string // the claim of a JWT that names its tenant
}

// ReadPageSettings reads the environment and names everything that is wrong with it.
func ReadPageSettings() (PageSettings, error) {
	var problems []error
	settings := PageSettings{
		Issuer:      requiredURL("JWT_ISSUER", &problems),
		ClientID:    required("JWT_CLIENT_ID", &problems),
		Scope:       required("JWT_SCOPE", &problems),
		TenantClaim: required("JWT_TENANT_CLAIM", &problems),
	}
	return settings, errors.Join(problems...)
}

// ConnectorsSettings are the settings of the connectors function.
type ConnectorsSettings struct {
	MailSettings
	TokenSettings
	StackAppSettings
	GitHubAPIURL string // base URL of a REST API; empty: each account's own host decides
	Table        string // the DynamoDB table
	QueueURL     string // the SQS queue of tasks
	Prices       string // JSON; {}: GitHub's list
	TenantClaim  string // the claim of a JWT that names its tenant; empty: no JWT has one

	KeepPeopleDays int // for how many days people are kept at most; 0: no bound
}

// ReadConnectorsSettings reads the environment and names everything that is wrong with it.
func ReadConnectorsSettings() (ConnectorsSettings, error) {
	var problems []error
	settings := ConnectorsSettings{
		StackAppSettings: readStackAppSettings(&problems),

		MailSettings:  readMailSettings(&problems),
		GitHubAPIURL:  httpURL("GITHUB_API_URL", &problems),
		Table:         required("TABLE_NAME", &problems),
		QueueURL:      requiredURL("QUEUE_URL", &problems),
		TokenSettings: readTokenSettings(&problems),
		Prices:        cmp.Or(os.Getenv("PRICES"), "{}"),
		TenantClaim:   os.Getenv("JWT_TENANT_CLAIM"),

		KeepPeopleDays: keepPeopleDays(&problems),
	}
	return settings, errors.Join(problems...)
}

// PollSettings are the settings of the poll function.
type PollSettings struct {
	Table    string // the DynamoDB table
	QueueURL string // the SQS queue of tasks
}

// ReadPollSettings reads the environment and names everything that is wrong with it.
func ReadPollSettings() (PollSettings, error) {
	var problems []error
	settings := PollSettings{Table: required("TABLE_NAME", &problems), QueueURL: requiredURL("QUEUE_URL", &problems)}
	return settings, errors.Join(problems...)
}

// CollectSettings are the settings of the collect function.
type CollectSettings struct {
	MailSettings
	TokenSettings
	StackAppSettings
	GitHubAPIURL string // base URL of a REST API; empty: each account's own host decides
	Table        string // the DynamoDB table
	QueueURL     string // the SQS queue of tasks

	KeepPeopleDays int // for how many days people are kept at most; 0: no bound
}

// ReadCollectSettings reads the environment and names everything that is wrong with it.
func ReadCollectSettings() (CollectSettings, error) {
	var problems []error
	settings := CollectSettings{
		StackAppSettings: readStackAppSettings(&problems),

		MailSettings:  readMailSettings(&problems),
		GitHubAPIURL:  httpURL("GITHUB_API_URL", &problems),
		Table:         required("TABLE_NAME", &problems),
		QueueURL:      requiredURL("QUEUE_URL", &problems),
		TokenSettings: readTokenSettings(&problems),

		KeepPeopleDays: keepPeopleDays(&problems),
	}
	return settings, errors.Join(problems...)
}

// RemindSettings are the settings of the remind function.
type RemindSettings struct {
	MailSettings
	Table string // the DynamoDB table
}

// ReadRemindSettings reads the environment and names everything that is wrong with it.
func ReadRemindSettings() (RemindSettings, error) {
	var problems []error
	settings := RemindSettings{MailSettings: readMailSettings(&problems), Table: required("TABLE_NAME", &problems)}
	return settings, errors.Join(problems...)
}

// MailSettings names the SNS topics that send mail.
type MailSettings struct {
	OperationsTopic string // the ARN of the stack's own topic
	TopicPrefix     string // the ARN of a connector's topic is this prefix and the connector's id
}

func readMailSettings(problems *[]error) MailSettings {
	return MailSettings{
		OperationsTopic: required("OPERATIONS_TOPIC_ARN", problems),
		TopicPrefix:     required("TOPIC_PREFIX_ARN", problems),
	}
}

// TokenVault names a way to keep tokens on AWS, as the template's parameter TokenVault does.
type TokenVault string

// The vaults. NoTokenVault is the former one of a stack whose tokens do not move.
const (
	SecretsManager TokenVault = "SecretsManager" // a secret for each token
	KMS            TokenVault = "Kms"            // encrypted by KMS, in a table of their own
	NoTokenVault   TokenVault = ""
)

// TokenSettings says where tokens are stored. The fields of a vault that is not used are empty.
type TokenSettings struct {
	Vault        TokenVault // where tokens are stored
	Former       TokenVault // the vault from which tokens move; NoTokenVault: tokens do not move
	SecretPrefix string     // SecretsManager: the prefix of the names of secrets
	SecretKey    string     // SecretsManager: the ARN of the KMS key for secrets; empty: AWS's own key
	TokenTable   string     // KMS: the DynamoDB table
	TokenKey     string     // KMS: the ARN of the key
	Stack        string     // KMS: the stack to which tokens are bound
}

func readTokenSettings(problems *[]error) TokenSettings {
	settings := TokenSettings{
		Vault:  tokenVault("TOKEN_VAULT", SecretsManager, problems),
		Former: tokenVault("FORMER_TOKEN_VAULT", NoTokenVault, problems),
	}
	if settings.Vault == settings.Former {
		*problems = append(*problems, errors.New("FORMER_TOKEN_VAULT must be empty or another than TOKEN_VAULT"))
	}
	for _, vault := range []TokenVault{settings.Vault, settings.Former} {
		switch vault {
		case SecretsManager:
			settings.SecretPrefix, settings.SecretKey = required("SECRET_PREFIX", problems), os.Getenv("SECRET_KMS_KEY")
		case KMS:
			settings.TokenTable, settings.TokenKey = required("TOKEN_TABLE", problems), required("TOKEN_KEY_ARN", problems)
			settings.Stack = required("STACK_NAME", problems)
		case NoTokenVault:
		}
	}
	return settings
}

func tokenVault(name string, fallback TokenVault, problems *[]error) TokenVault {
	value := cmp.Or(TokenVault(os.Getenv(name)), fallback)
	if value != fallback && value != SecretsManager && value != KMS {
		*problems = append(*problems, fmt.Errorf("%s must be %s or %s, not %q", name, SecretsManager, KMS, string(value)))
	}
	return value
}

// MoveSettings are the settings of the move function.
type MoveSettings struct {
	TokenSettings
	Table string // the DynamoDB table
}

// ReadMoveSettings reads the environment and names everything that is wrong with it.
func ReadMoveSettings() (MoveSettings, error) {
	var problems []error
	settings := MoveSettings{Table: required("TABLE_NAME", &problems), TokenSettings: readTokenSettings(&problems)}
	if settings.Former == NoTokenVault {
		problems = append(problems, errors.New("FORMER_TOKEN_VAULT is not set"))
	}
	return settings, errors.Join(problems...)
}

// LocalSettings are the settings of the local program.
type LocalSettings struct {
	Listen       string    // host:port; by default loopback
	DataDir      string    // where the store and the tokens are kept
	GitHubAPIURL string    // base URL of a REST API; empty: the simulated GitHub
	Prices       string    // JSON; {}: GitHub's list
	Now          time.Time // the instant at which the clock starts; zero: the real time
	App          AppSettings

	KeepPeopleDays int // for how many days people are kept at most; 0: no bound
}

// ReadLocalSettings reads the environment and names everything that is wrong with it.
func ReadLocalSettings() (LocalSettings, error) {
	var problems []error
	settings := LocalSettings{
		Listen:       hostPort("LISTEN", "127.0.0.1:8080", &problems),
		DataDir:      cmp.Or(os.Getenv("DATA_DIR"), ".data"),
		GitHubAPIURL: httpURL("GITHUB_API_URL", &problems),
		Prices:       cmp.Or(os.Getenv("PRICES"), "{}"),
		Now:          instant("NOW", &problems),
		App:          readAppSettings(&problems),

		KeepPeopleDays: keepPeopleDays(&problems),
	}
	return settings, errors.Join(problems...)
}

// AppSettings names the GitHub App of the deployment's own. All are empty if there is none.
type AppSettings struct {
	ClientID   string
	Slug       string // its name in the address github.com/apps/NAME
	KeyFile    string // with its private key
	SecretFile string // with its client secret
}

// appSlugs is what the name of an App looks like in an address.
var appSlugs = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,99}$`)

func readAppSettings(problems *[]error) AppSettings {
	var settings AppSettings
	var missing []string
	fields := []struct {
		name string
		into *string
	}{
		{"GITHUB_APP_CLIENT_ID", &settings.ClientID},
		{"GITHUB_APP_SLUG", &settings.Slug},
		{"GITHUB_APP_PRIVATE_KEY_FILE", &settings.KeyFile},
		{"GITHUB_APP_CLIENT_SECRET_FILE", &settings.SecretFile},
	}
	for _, field := range fields {
		if *field.into = os.Getenv(field.name); *field.into == "" {
			missing = append(missing, field.name)
		}
	}
	switch {
	case len(missing) == len(fields):
	case len(missing) > 0:
		*problems = append(*problems, fmt.Errorf("a GitHub App needs all of its settings, and these are not set: %s", strings.Join(missing, ", ")))
	default:
		checkAppSlug(settings.Slug, problems)
	}
	return settings
}

// keepPeopleDays reads for how many days people are kept at most; 0: no bound.
func keepPeopleDays(problems *[]error) int {
	const name, most = "KEEP_PEOPLE_DAYS", 366
	value := os.Getenv(name)
	if value == "" {
		return 0
	}
	days, err := strconv.Atoi(value)
	if err != nil || days < 1 || days > most {
		*problems = append(*problems, fmt.Errorf("%s must be a whole number from 1 to %d, or empty for no bound", name, most))
	}
	return days
}

func required(name string, problems *[]error) string {
	value := os.Getenv(name)
	if value == "" {
		*problems = append(*problems, fmt.Errorf("%s is not set", name))
	}
	return value
}

func requiredURL(name string, problems *[]error) string {
	_ = required(name, problems)
	return httpURL(name, problems)
}

// httpURL checks only the scheme. The caller decides which URLs may be called.
func httpURL(name string, problems *[]error) string {
	value := os.Getenv(name)
	if value != "" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") {
		*problems = append(*problems, fmt.Errorf("%s must start with https:// or http://", name))
	}
	return value
}

func hostPort(name, fallback string, problems *[]error) string {
	value := cmp.Or(os.Getenv(name), fallback)
	if _, _, err := net.SplitHostPort(value); err != nil {
		*problems = append(*problems, fmt.Errorf("%s must be host:port, like %s: %w", name, fallback, err))
	}
	return value
}

func instant(name string, problems *[]error) time.Time {
	value := os.Getenv(name)
	if value == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		*problems = append(*problems, fmt.Errorf("%s must be an RFC 3339 instant, like 2026-11-22T09:00:00Z, not %q", name, value))
	}
	return t.UTC()
}
