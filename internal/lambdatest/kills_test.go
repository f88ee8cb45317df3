package lambdatest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// steps are the requests of a function after which its state differs. It kills the function after one of them, before the answer.
type steps struct {
	mu     sync.Mutex
	taken  []string // such as "PutItem 2"
	killAt string
	victim *lambdatest.Function
	killed chan struct{}
}

// before puts the steps before a server. name returns the name of a step, or "" for other requests.
func (s *steps) before(t *testing.T, next http.Handler, name func(*http.Request) string) (address string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		step := name(r)
		if step == "" {
			next.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		s.mu.Lock()
		defer s.mu.Unlock()
		nth := 1
		for _, earlier := range s.taken {
			if strings.HasPrefix(earlier, step+" ") {
				nth++
			}
		}
		step = fmt.Sprintf("%s %d", step, nth)
		s.taken = append(s.taken, step)
		if step == s.killAt {
			s.victim.Kill()
			close(s.killed)
			return
		}
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// onward returns a proxy to an address.
func onward(t *testing.T, address string) http.Handler {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {} // the function was killed
	return proxy
}

// killWorld has an organization on which CloudMonitor's App is installed. The same App serves as the customer's own.
type killWorld struct {
	*world
	sim       *githubsim.Server
	app       githubsim.StackApp
	on        githubsim.Connectable
	bootstrap string
	mint      string // the address of a Lambda service that has the function mint
	survivor  *lambdatest.Function
}

func newKillWorld(t *testing.T) *killWorld {
	t.Helper()
	k := &killWorld{world: newWorld(t), app: githubsim.CastStackApp(), on: githubsim.Connectables()[0], bootstrap: lambdatest.Build(t, "ConnectorsFunction")}
	k.sim = githubsim.New(time.Now, githubsim.Cast(time.Now())...)
	k.gitHub.Config.Handler = k.sim
	mint := k.start(lambdatest.Build(t, "MintFunction"), "", "")
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ := io.ReadAll(r.Body)
		_, _ = w.Write(mint.Invoke(asked))
	}))
	t.Cleanup(service.Close)
	k.mint = service.URL
	k.settings = append(k.settings, "AWS_ENDPOINT_URL_LAMBDA="+k.mint)
	k.survivor = k.start(k.bootstrap, "", "")
	return k
}

// run starts a function, sends a request and kills the function after a step. An empty step kills nothing. Without a kill it returns the steps.
func (k *killWorld) run(killAt string, event []byte) []string {
	k.t.Helper()
	s := &steps{killAt: killAt, killed: make(chan struct{})}
	cloud := s.before(k.t, onward(k.t, *k.cloud.BaseEndpoint), func(r *http.Request) string {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "Query") {
			return ""
		}
		return operation
	})
	gitHub := s.before(k.t, k.sim, func(r *http.Request) string {
		if strings.HasSuffix(r.URL.Path, "/access_tokens") {
			return "token"
		}
		return ""
	})
	mint := s.before(k.t, onward(k.t, k.mint), func(*http.Request) string { return "mint" })
	was := k.settings
	k.settings = append(was[:len(was):len(was)], "AWS_ENDPOINT_URL_LAMBDA="+mint)
	victim := k.start(k.bootstrap, cloud, gitHub)
	k.settings = was
	s.victim = victim
	if killAt == "" {
		if answer := decode[events.APIGatewayV2HTTPResponse](k.t, victim.Invoke(event)); answer.StatusCode >= 300 {
			k.t.Fatalf("without a kill: %d %s", answer.StatusCode, answer.Body)
		}
		victim.Stop()
		return s.taken
	}
	victim.Begin(event)
	await(k.t, s.killed)
	return nil
}

// asks returns the event of a request.
func (k *killWorld) asks(method, path, body string) []byte {
	k.t.Helper()
	request, _ := saved(k.t)
	request.RouteKey, request.RawPath, request.Body = "", path, body
	request.RequestContext.HTTP.Method, request.RequestContext.HTTP.Path = method, path
	event, err := json.Marshal(request)
	if err != nil {
		k.t.Fatal(err)
	}
	return event
}

// connectors returns the connectors of a tenant in any phase.
func (k *killWorld) connectors(tenant string) (list []*connector.Connector) {
	k.t.Helper()
	all, err := k.store.Due(k.t.Context(), connector.Ref{}, 1000)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, due := range all {
		if due.Tenant != tenant {
			continue
		}
		c, err := k.store.Connector(k.t.Context(), due.Ref)
		if err != nil {
			k.t.Fatal(err)
		}
		if c != nil {
			list = append(list, c)
		}
	}
	return list
}

// holds reports whether the vault has a secret of a connector.
func (k *killWorld) holds(c *connector.Connector) bool {
	_, err := k.tokens.Get(k.t.Context(), c.Tenant, c.ID)
	return err == nil
}

// seedWith stores a live connector that reads with the App's key, or with an installation.
func (k *killWorld) seedWith(tenant string, token credential.Token) *connector.Connector {
	k.t.Helper()
	c := &connector.Connector{
		Ref: connector.Ref{Tenant: tenant, ID: connector.NewID()}, Provider: connector.GitHubCopilot, Phase: connector.Live, CreatedAt: time.Now(),
		Account:    copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: k.on.Slug},
		Credential: connector.Credential{Kind: token.Kind(), Fingerprint: token.Fingerprint(), App: &credential.Installation{ID: k.on.InstallationID}},
	}
	if holder, err := k.store.Create(k.t.Context(), c); err != nil || holder != nil {
		k.t.Fatal(holder, err)
	}
	if token.IsSecret() {
		if err := k.tokens.Put(k.t.Context(), c.Tenant, c.ID, token); err != nil {
			k.t.Fatal(err)
		}
	}
	return c
}

// A function that connects or replaces an App is killed after each step that changes something. A retry completes the work, no secret is
// left that nobody uses, and the code opens the account for nobody else.
func TestAnAppIsConnectedAndReplacedWhereverTheFunctionIsKilled(t *testing.T) {
	t.Parallel()
	k := newKillWorld(t)
	key, err := credential.NewApp(k.app.ClientID, k.app.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	installation := func() string {
		return fmt.Sprintf(`{"installation":{"installationId":%d,"code":%q}}`, k.on.InstallationID, k.sim.Authorize(k.app.ClientID, k.on.Owner))
	}
	app := func(rest string) string {
		pem, _ := json.Marshal(k.app.PrivateKey)
		return fmt.Sprintf(`{"app":{"clientId":%q,"privateKey":%s}%s}`, k.app.ClientID, pem, rest)
	}
	ofKey := func() string { return app(fmt.Sprintf(`,"scope":"organization","slug":%q`, k.on.Slug)) }
	replacement := func() string { return app("") }
	for name, story := range map[string]struct {
		before credential.Token // of the connector; zero: there is none yet
		form   func() string
		kind   credential.Kind
	}{
		"an installation is saved":       {credential.Token{}, installation, credential.GitHubAppInstallation},
		"a key is saved":                 {credential.Token{}, ofKey, credential.GitHubApp},
		"an installation replaces a key": {key, installation, credential.GitHubAppInstallation},
		"a key replaces an installation": {credential.Proved(k.on.InstallationID), replacement, credential.GitHubApp},
	} {
		tenants := 0
		request := func() (tenant string, event func(form string) []byte) {
			tenants++
			tenant = fmt.Sprintf("%s-%d", strings.ReplaceAll(name, " ", "-"), tenants)
			method, path := http.MethodPost, "/v1/tenants/"+tenant+"/connectors"
			if story.before != (credential.Token{}) {
				method, path = http.MethodPut, path+"/"+k.seedWith(tenant, story.before).ID+"/credential"
			}
			return tenant, func(form string) []byte { return k.asks(method, path, form) }
		}
		_, event := request()
		all := k.run("", event(story.form()))
		for _, step := range all {
			if asksOnly := strings.HasPrefix(step, "mint") || strings.HasPrefix(step, "token"); asksOnly && name != "an installation is saved" {
				continue // nothing is stored yet
			}
			t.Run(name+", killed after "+step, func(t *testing.T) {
				tenant, event := request()
				form := story.form()
				k.run(step, event(form))
				if story.kind == credential.GitHubAppInstallation {
					rival := k.survivor.Invoke(k.asks(http.MethodPost, "/v1/tenants/rival/connectors", form))
					if answer := decode[events.APIGatewayV2HTTPResponse](t, rival); answer.StatusCode != http.StatusUnprocessableEntity {
						t.Errorf("another tenant gets %d with the code: %s", answer.StatusCode, answer.Body)
					}
				}
				for _, c := range k.connectors(tenant) {
					if holds := k.holds(c); c.Phase == connector.Live && (holds != !c.Credential.Endless()) && c.StraySecret.IsZero() {
						t.Errorf("it is %s as %s, and the vault holds a secret: %t", c.Phase, c.Credential.Kind, holds)
					}
					if _, err := k.store.Change(t.Context(), c.Ref, func(c *connector.Connector) error { // time goes by
						c.VaultHeldUntil = time.Time{}
						if c.Phase == connector.Saving {
							c.CreatedAt = c.CreatedAt.Add(-time.Hour)
						}
						return nil
					}); err != nil {
						t.Fatal(err)
					}
				}
				answer := decode[events.APIGatewayV2HTTPResponse](t, k.survivor.Invoke(event(story.form())))
				if answer.StatusCode >= 300 && answer.StatusCode != http.StatusConflict {
					t.Errorf("the retry gets %d %s", answer.StatusCode, answer.Body)
				}
				list := k.connectors(tenant)
				if len(list) != 1 || list[0].Phase != connector.Live || list[0].Credential.Kind != story.kind || k.holds(list[0]) != (story.kind == credential.GitHubApp) {
					t.Errorf("in the end there are %+v", list)
				}
			})
		}
		k.mustKeepSecretsOf(strings.ReplaceAll(name, " ", "-"), story.kind, tenants)
	}
}

// mustKeepSecretsOf checks how many secrets the vault has of the tenants of a story.
func (k *killWorld) mustKeepSecretsOf(story string, kind credential.Kind, tenants int) {
	k.t.Helper()
	want := 0
	if kind == credential.GitHubApp {
		want = tenants
	}
	got := 0
	pages := secretsmanager.NewListSecretsPaginator(secretsmanager.NewFromConfig(k.cloud), &secretsmanager.ListSecretsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		for _, secret := range page.SecretList {
			if strings.Contains(*secret.Name, "/"+story+"-") {
				got++
			}
		}
	}
	if got != want {
		k.t.Errorf("%s: the vault has %d secrets, want %d", story, got, want)
	}
}

// The function mint is killed while GitHub exchanges a code. The code is spent, nothing is stored, and a new code connects the account.
func TestAConnectionSurvivesAKilledMint(t *testing.T) {
	k := newKillWorld(t)
	doomed, killed := k.start(lambdatest.Build(t, "MintFunction"), "", ""), make(chan struct{})
	k.sim.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/login/oauth/access_token" {
			doomed.Kill()
			close(killed)
		}
		return false
	})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ := io.ReadAll(r.Body)
		doomed.Begin(asked)
		<-killed
		w.Header().Set("X-Amz-Function-Error", "Unhandled") // as AWS Lambda says it
		_, _ = io.WriteString(w, `{"errorType":"Runtime.ExitError","errorMessage":"signal: killed"}`)
	}))
	t.Cleanup(service.Close)
	k.settings = append(k.settings, "AWS_ENDPOINT_URL_LAMBDA="+service.URL)
	function := k.start(k.bootstrap, "", "")
	save := func(code string, f *lambdatest.Function) events.APIGatewayV2HTTPResponse {
		form := fmt.Sprintf(`{"installation":{"installationId":%d,"code":%q}}`, k.on.InstallationID, code)
		return decode[events.APIGatewayV2HTTPResponse](t, f.Invoke(k.asks(http.MethodPost, "/v1/tenants/acme/connectors", form)))
	}
	code := k.sim.Authorize(k.app.ClientID, k.on.Owner)
	if answer := save(code, function); answer.StatusCode < 500 || strings.Contains(answer.Body, "killed") {
		t.Errorf("Save answers %d %s", answer.StatusCode, answer.Body)
	}
	k.sim.Intercept(nil)
	if list := k.connectors("acme"); len(list) != 0 {
		t.Errorf("there are %+v", list)
	}
	if answer := save(code, k.survivor); answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the spent code: %d %s", answer.StatusCode, answer.Body)
	}
	if answer := save(k.sim.Authorize(k.app.ClientID, k.on.Owner), k.survivor); answer.StatusCode != http.StatusCreated {
		t.Errorf("a new code: %d %s", answer.StatusCode, answer.Body)
	}
	if log := function.Stop(); strings.Contains(log, code) {
		t.Error("the code is in the log")
	}
}
