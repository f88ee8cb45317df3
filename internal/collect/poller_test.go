package collect_test

import (
	"context"
	"crypto/md5" //nolint:gosec // SQS's own checksum of a message
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	sqsqueue "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
)

// dueList lists connectors in pages, as a slow table does.
type dueList struct {
	list    []connector.Due // in order of id
	latency time.Duration
	fails   func(page int) error // page counts from 1
	page    int
}

func dueConnectors(n int) *dueList {
	due := &dueList{list: make([]connector.Due, n), fails: func(int) error { return nil }}
	for i := range due.list {
		due.list[i].Ref = connector.Ref{Tenant: "acme", ID: connector.NewID()}
	}
	slices.SortFunc(due.list, func(a, b connector.Due) int { return byID(a, b.Ref) })
	return due
}

func byID(a connector.Due, b connector.Ref) int { return strings.Compare(a.ID, b.ID) }

func (d *dueList) Due(_ context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	time.Sleep(d.latency)
	d.page++
	if err := d.fails(d.page); err != nil {
		return nil, err
	}
	first, found := slices.BinarySearchFunc(d.list, after, byID)
	if found {
		first++
	}
	return d.list[first:min(first+limit, len(d.list))], nil
}

// sqsServer accepts messages as SQS does.
type sqsServer struct {
	latency time.Duration
	refuses func(call int) bool // call counts from 1

	mu      sync.Mutex
	calls   int
	arrived map[string]int // count by connector
}

func (s *sqsServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.latency)
	var batch struct {
		Entries []struct{ ID, MessageBody string }
	}
	err := json.NewDecoder(r.Body).Decode(&batch)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls++; err != nil || s.refuses != nil && s.refuses(s.calls) {
		http.Error(w, `{"__type":"com.amazonaws.sqs#AccessDenied"}`, http.StatusForbidden)
		return
	}
	var answer struct{ Successful []map[string]string }
	for _, entry := range batch.Entries {
		if task, err := queue.Decode(entry.MessageBody); err == nil {
			s.arrived[task.Connector]++
		}
		sum := md5.Sum([]byte(entry.MessageBody)) //nolint:gosec // SQS's own checksum of a message
		answer.Successful = append(answer.Successful, map[string]string{
			"Id": entry.ID, "MessageId": entry.ID, "MD5OfMessageBody": hex.EncodeToString(sum[:]),
		})
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// sending returns a queue that sends to s over real HTTP.
func (s *sqsServer) sending(t testing.TB) *sqsqueue.Queue {
	t.Helper()
	s.arrived = map[string]int{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return sqsqueue.New(sqs.New(sqs.Options{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), BaseEndpoint: &server.URL,
	}), "https://sqs.invalid/tasks")
}

// atSchedule returns the scheduled time of these polls.
func atSchedule() time.Time { return morning(0) }

func TestAPollTooFarAheadOfTheClockQueuesNothing(t *testing.T) {
	t.Parallel()
	due, arriving := dueConnectors(3), &sqsServer{}
	poller := collect.Poller{Store: due, Queue: arriving.sending(t), Now: atSchedule}
	for _, at := range []time.Time{morning(8), morning(3652), time.Date(9999, 12, 31, 6, 0, 0, 0, time.UTC)} {
		if queued, err := poller.Poll(t.Context(), at); !fault.Is(err, fault.TooFarOff) || queued != 0 || len(arriving.arrived) > 0 {
			t.Errorf("for %s: queued %d, %v", at, queued, err)
		}
	}
	if queued, err := poller.Poll(t.Context(), morning(7)); err != nil || queued != 3 {
		t.Errorf("seven days ahead: queued %d, %v", queued, err)
	}
}

func TestAPollQueuesEachConnectorOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 999, 1000, 1001, 2500} {
		arriving := &sqsServer{}
		due := dueConnectors(n)
		queued, err := collect.Poller{Store: due, Queue: arriving.sending(t), Now: atSchedule}.Poll(t.Context(), morning(0))
		if err != nil || queued != n {
			t.Errorf("%d connectors: queued %d, %v", n, queued, err)
		}
		once := map[string]int{}
		for _, ref := range due.list {
			once[ref.ID] = 1
		}
		if diff := cmp.Diff(once, arriving.arrived); diff != "" {
			t.Errorf("%d connectors: due and arrived differ (-due +arrived):\n%s", n, diff)
		}
	}
}

func TestAPollThatFailsInTheMiddleIsAnErrorAndARepetitionQueuesEverybody(t *testing.T) {
	t.Parallel()
	const connectors, batches = 2500, 250
	down := &fault.Error{Code: fault.Store, Op: "list an index"}
	for name, tc := range map[string]struct {
		listing func(page int) error
		sending func(call int) bool
		code    fault.Code
		arrived int // before the repetition
		queued  int
	}{
		"the second page cannot be listed": {
			listing: func(page int) error {
				if page == 2 {
					return down
				}
				return nil
			},
			code: fault.Store, arrived: 1000, queued: 1000,
		},
		"some of the second page cannot be queued; the other pages are": {
			sending: func(call int) bool { return call == 150 },
			code:    fault.Queue, arrived: connectors - 10, queued: 1500,
		},
		"nothing can be queued": {
			sending: func(call int) bool { return call <= batches },
			code:    fault.Queue,
		},
	} {
		t.Run(name, func(t *testing.T) {
			due, arriving := dueConnectors(connectors), &sqsServer{refuses: tc.sending}
			if tc.listing != nil {
				due.fails = tc.listing
			}
			poller := collect.Poller{Store: due, Queue: arriving.sending(t), Now: atSchedule}
			queued, err := poller.Poll(t.Context(), morning(0))
			if !fault.Is(err, tc.code) || queued != tc.queued || len(arriving.arrived) != tc.arrived {
				t.Errorf("Poll returned %d, %d tasks arrived, error %v", queued, len(arriving.arrived), err)
			}
			due.fails, due.page = func(int) error { return nil }, 0
			queued, err = poller.Poll(t.Context(), morning(0))
			if err != nil || queued != connectors || len(arriving.arrived) != connectors {
				t.Errorf("the repetition: Poll returned %d, %d tasks arrived, error %v", queued, len(arriving.arrived), err)
			}
		})
	}
}

func TestAPollEndsWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	due, arriving := dueConnectors(2500), &sqsServer{refuses: func(int) bool { cancel(); return true }}
	due.fails = func(int) error { return ctx.Err() }
	if _, err := (collect.Poller{Store: due, Queue: arriving.sending(t), Now: atSchedule}).Poll(ctx, morning(0)); !errors.Is(err, context.Canceled) || due.page > 2 {
		t.Errorf("after %d pages: %v", due.page, err)
	}
}

// panicking is a GitHub adapter that panics on an answer.
type panicking struct{ collect.GitHub }

func (panicking) Identity(context.Context) (credential.Identity, error) {
	panic("nobody thought of that")
}

func TestAConnectorThatHangsFailsOrPanicsDelaysNoOther(t *testing.T) {
	t.Parallel()
	const slow, refused, broken = "slow", "refused", "broken"
	slugs := []string{slow, refused, broken, "healthy-1", "healthy-2", "healthy-3", "healthy-4"}
	tokens := map[string]credential.Token{}
	var accounts []githubsim.Account
	for _, slug := range slugs {
		value := "ghp_" + strings.ReplaceAll(slug, "-", "") + strings.Repeat("0", 36-len(strings.ReplaceAll(slug, "-", "")))
		tokens[slug] = credential.NewToken(value)
		accounts = append(accounts, githubsim.Account{
			Kind: githubsim.Organization, Slug: slug, Plan: githubsim.PlanBusiness, Seats: 2, FirstDay: "2026-11-15",
			Tokens: []githubsim.Token{{Value: value, Login: "octo-owner", Scopes: []string{"read:org"}}},
		})
	}
	w := create(t, accounts...)
	refs := map[string]connector.Ref{}
	for _, slug := range slugs {
		ref := connector.Ref{Tenant: slug, ID: connector.NewID()}
		holder, err := w.store.Create(t.Context(), &connector.Connector{
			Ref: ref, Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug},
			Phase: connector.Live, CreatedAt: begins, Credential: connector.Credential{Fingerprint: tokens[slug].Fingerprint()},
		})
		if err := errors.Join(err, w.Parts.Vault.Put(t.Context(), ref.Tenant, ref.ID, tokens[slug])); err != nil || holder != nil {
			t.Fatal(holder, err)
		}
		refs[slug] = ref
	}

	hangs, goOn := make(chan struct{}), make(chan struct{})
	hung := sync.OnceFunc(func() { close(hangs) })
	w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasPrefix(r.URL.Path, "/orgs/"+slow+"/"):
			hung()
			<-goOn
		case strings.HasPrefix(r.URL.Path, "/orgs/"+refused+"/"):
			rw.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	})
	collector, connect := w.collector, w.collector.Connect
	collector.Connect = func(host string, token credential.Token) collect.GitHub {
		if token.Fingerprint() == tokens[broken].Fingerprint() {
			return panicking{connect(host, token)}
		}
		return connect(host, token)
	}
	ended := make(chan string, 2*len(slugs))
	local := inprocess.New(2, collector.Log, func(ctx context.Context, task connector.Task) error {
		defer func() { ended <- task.Tenant }()
		return collector.Run(ctx, task)
	})
	collector.Queue = local

	task := connector.Task{Tenant: slow, Connector: refs[slow].ID, ScheduledFor: morning(0), Reason: connector.ReasonDaily}
	if err := local.Send(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	<-hangs
	queued, err := collect.Poller{Store: w.store, Queue: local, Now: atSchedule}.Poll(t.Context(), morning(0))
	if err != nil || queued != len(slugs) {
		t.Fatalf("queued %d, %v", queued, err)
	}
	var others []string
	for range len(slugs) - 1 {
		others = append(others, <-ended)
	}
	if slices.Contains(others, slow) {
		t.Errorf("the slow connector ended before the others: %v", others)
	}
	close(goOn)
	if err := errors.Join(local.Drain(t.Context()), local.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if counts := local.Handled(); counts.Failed != 1 {
		t.Errorf("counts are %+v; want the panic alone as a failure of our own", counts)
	}
	statuses := map[string]connector.Status{}
	want := map[string]connector.Status{}
	for _, slug := range slugs {
		w.ref, want[slug] = refs[slug], connector.StatusActive
		statuses[slug] = w.connector().Status
	}
	want[refused], want[broken] = connector.StatusDegraded, ""
	if diff := cmp.Diff(want, statuses); diff != "" {
		t.Errorf("statuses differ (-want +got):\n%s", diff)
	}
}
