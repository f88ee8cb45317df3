package sns_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
)

const (
	topics  = "arn:aws:sns:eu-central-1:123456789012:"
	perPage = 3
)

// fakeSNS speaks the part of SNS's query protocol that is used. People confirm and unsubscribe here; moto confirms every address
// at once.
type fakeSNS struct {
	instead func(action string, call int) (status int, code string) // decides the answer to a call of an action, counted from 1; "": the call is carried out all the same
	late    time.Duration                                           // delay before each answer to Publish

	mu     sync.Mutex
	calls  map[string]int
	topics map[string][]*subscription // by ARN
	inbox  map[string][]string        // subjects by address
	next   int
}

type subscription struct{ address, state, arn string }

const (
	pending   = "PendingConfirmation"
	confirmed = "confirmed"
	deleted   = "Deleted" // for a while SNS shows this for an address that has unsubscribed
)

func newFakeSNS(t *testing.T) (*fakeSNS, *awssns.Client) {
	t.Helper()
	f := &fakeSNS{calls: map[string]int{}, topics: map[string][]*subscription{topics + "operations": nil}, inbox: map[string][]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, awssns.New(awssns.Options{
		Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: &http.Client{Timeout: 250 * time.Millisecond},
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.Backoff = 6, retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	})
}

func (f *fakeSNS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	action := r.Form.Get("Action")
	f.calls[action]++
	if f.instead != nil {
		if status, code := f.instead(action, f.calls[action]); code != "" {
			refuse(w, status, code)
			return
		}
	}
	topic := r.Form.Get("TopicArn")
	if _, ok := f.topics[topic]; topic != "" && !ok && action != "DeleteTopic" {
		refuse(w, http.StatusNotFound, "NotFound")
		return
	}
	result := f.do(action, topic, r.Form)
	if action == "Publish" {
		time.Sleep(f.late)
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write([]byte(element(action+"Response", "", element(action+"Result", "", result))))
}

// do carries out a call, and returns the elements of the result.
func (f *fakeSNS) do(action, topic string, form url.Values) string {
	switch action {
	case "CreateTopic":
		arn := topics + form.Get("Name")
		if _, ok := f.topics[arn]; !ok {
			f.topics[arn] = nil
		}
		return element("TopicArn", arn)
	case "DeleteTopic":
		delete(f.topics, topic)
	case "Subscribe":
		f.subscribe(topic, form.Get("Endpoint"))
	case "Unsubscribe":
		for _, s := range f.topics[topicOf(form.Get("SubscriptionArn"))] {
			if s.arn == form.Get("SubscriptionArn") {
				s.state = deleted
			}
		}
	case "ListSubscriptionsByTopic":
		from, _ := strconv.Atoi(form.Get("NextToken"))
		all := f.topics[topic]
		to := min(from+perPage, len(all))
		var members string
		for _, s := range all[from:to] {
			arn := s.state
			if s.state == confirmed {
				arn = s.arn
			}
			members += element("member", "", element("Endpoint", s.address), element("Protocol", "email"), element("SubscriptionArn", arn))
		}
		list := element("Subscriptions", "", members)
		if to < len(all) {
			list += element("NextToken", strconv.Itoa(to))
		}
		return list
	case "Publish":
		for _, s := range f.topics[topic] {
			if s.state == confirmed {
				f.inbox[s.address] = append(f.inbox[s.address], form.Get("Subject"))
			}
		}
		return element("MessageId", "1")
	}
	return ""
}

// subscribe sends an address an invitation to confirm, again if it has had one.
func (f *fakeSNS) subscribe(topic, address string) {
	f.next++
	f.inbox[address] = append(f.inbox[address], "AWS Notification - Subscription Confirmation")
	for _, s := range f.topics[topic] {
		if s.address == address && s.state != deleted {
			return
		}
	}
	added := &subscription{address: address, state: pending, arn: fmt.Sprintf("%s:%d", topic, f.next)}
	f.topics[topic] = slices.Insert(f.topics[topic], 0, added) // SNS promises no order
}

// clicks sets the state of an address in all its topics, as if its owner had clicked on the link in each mail.
func (f *fakeSNS) clicks(state string, addresses ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, list := range f.topics {
		for _, s := range list {
			if slices.Contains(addresses, s.address) && s.state != deleted {
				s.state = state
			}
		}
	}
}

// forgets does what SNS does after two days: unconfirmed and unsubscribed addresses are removed.
func (f *fakeSNS) forgets() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for topic, list := range f.topics {
		f.topics[topic] = slices.DeleteFunc(list, func(s *subscription) bool { return s.state != confirmed })
	}
}

// read returns and empties the inboxes.
func (f *fakeSNS) read() map[string][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() { f.inbox = map[string][]string{} }()
	return f.inbox
}

func topicOf(subscriptionARN string) string {
	return subscriptionARN[:strings.LastIndexByte(subscriptionARN, ':')]
}

// element returns an XML element with a text, or with other elements.
func element(name, text string, others ...string) string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(text)) // writing to a builder never fails
	return fmt.Sprintf("<%[1]s>%s%s</%[1]s>", name, escaped.String(), strings.Join(others, ""))
}

// refuse answers with an error whose message contains what must not get out.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code,
		"User arn:aws:iam::123456789012:user/canary may not tell a@example.com of "+topics+"x")
}
