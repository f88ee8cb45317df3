package sns_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
)

const prefix = topics + "copilot-connector_dev_"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRef(tenant string) connector.Ref { return connector.Ref{Tenant: tenant, ID: connector.NewID()} }

// stands checks the states of the addresses, in order.
func stands(t *testing.T, s *sns.Post, ref connector.Ref, emails []string, want ...connector.RecipientState) {
	t.Helper()
	recipients, err := s.Confirmations(t.Context(), ref, emails)
	must(t, err)
	var got []connector.RecipientState
	for i, recipient := range recipients {
		if recipient.Email != emails[i] {
			t.Errorf("%s is shown as %s", emails[i], recipient.Email)
		}
		got = append(got, recipient.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v (-want +got):\n%s", emails, diff)
	}
}

// askAll makes the addresses the recipients, and invites each to confirm.
func askAll(t *testing.T, s *sns.Post, ref connector.Ref, list []string) error {
	t.Helper()
	_, err := s.Invite(t.Context(), ref, list, list)
	return err
}

func mailTo(subject string, to ...string) notify.Mail {
	return notify.Mail{Subject: subject, Body: subject + "\n", To: to, Attributes: map[string]string{"tenant": "acme"}}
}

func TestAnAddressIsInvitedConfirmedAndRemoved(t *testing.T) {
	const (
		isConfirmed = connector.RecipientConfirmed
		isPending   = connector.RecipientPending
		isLost      = connector.RecipientNotSubscribed
	)
	f, client := newFakeSNS(t)
	s, ref := sns.New(client, topics+"operations", prefix), newRef("acme")
	list := []string{"a@example.com", "B@example.com", "c@example.com", "d@example.com", "e@example.com"} // more than a page

	stands(t, s, ref, list, isLost, isLost, isLost, isLost, isLost)
	must(t, askAll(t, s, ref, list))
	stands(t, s, ref, list, isPending, isPending, isPending, isPending, isPending)
	f.clicks(confirmed, "a@example.com", "B@example.com", "e@example.com")
	f.clicks(deleted, "B@example.com")
	stands(t, s, ref, list, isConfirmed, isLost, isPending, isPending, isConfirmed)

	f.read()
	must(t, s.Recipients(t.Context(), ref, mailTo("first", list...)))
	if diff := cmp.Diff(map[string][]string{"a@example.com": {"first"}, "e@example.com": {"first"}}, f.read()); diff != "" {
		t.Errorf("mailed (-want +got):\n%s", diff)
	}

	// An address that has unsubscribed can be invited again at once. Two days later everybody without a confirmed address is
	// invited, and nobody else.
	must(t, askAll(t, s, ref, list))
	stands(t, s, ref, list, isConfirmed, isPending, isPending, isPending, isConfirmed)
	f.forgets()
	f.read()
	stands(t, s, ref, list, isConfirmed, isLost, isLost, isLost, isConfirmed)
	must(t, askAll(t, s, ref, list))
	if asked := f.read(); len(asked) != 3 || asked["a@example.com"] != nil || asked["e@example.com"] != nil {
		t.Errorf("invited again: %v", asked)
	}
	stands(t, s, ref, list, isConfirmed, isPending, isPending, isPending, isConfirmed)

	// The list changes.
	list = []string{"e@example.com", "f@example.com"}
	must(t, askAll(t, s, ref, list))
	stands(t, s, ref, list, isConfirmed, isPending)
	f.read()
	must(t, s.Recipients(t.Context(), ref, mailTo("second", list...)))
	if diff := cmp.Diff(map[string][]string{"e@example.com": {"second"}}, f.read()); diff != "" {
		t.Errorf("mailed (-want +got):\n%s", diff)
	}

	must(t, askAll(t, s, ref, nil))
	if len(f.topics) != 1 {
		t.Errorf("the topic of a connector without recipients still exists: %v", f.topics)
	}
	stands(t, s, ref, list, isLost, isLost)
	must(t, s.Recipients(t.Context(), ref, mailTo("to nobody", list...)))
}

func TestOnlyTheGivenAddressesAreInvited(t *testing.T) {
	t.Parallel()
	f, client := newFakeSNS(t)
	s, ref := sns.New(client, topics+"operations", prefix), newRef("acme")
	must(t, askAll(t, s, ref, []string{"a@example.com", "b@example.com"}))
	f.read()
	for _, step := range []struct{ list, ask, mailed []string }{
		{[]string{"a@example.com", "b@example.com"}, nil, nil},
		{[]string{"a@example.com", "b@example.com", "c@example.com"}, []string{"c@example.com"}, []string{"c@example.com"}},
		{[]string{"a@example.com", "c@example.com"}, nil, nil},
		{[]string{"a@example.com", "c@example.com"}, []string{"a@example.com"}, []string{"a@example.com"}},
	} {
		asked, err := s.Invite(t.Context(), ref, step.list, step.ask)
		must(t, err)
		if diff := cmp.Diff(step.ask, asked); diff != "" {
			t.Errorf("%v: invited (-want +got):\n%s", step, diff)
		}
		var mailed []string
		for email := range f.read() {
			mailed = append(mailed, email)
		}
		if diff := cmp.Diff(step.mailed, mailed); diff != "" {
			t.Errorf("%v: mailed (-want +got):\n%s", step, diff)
		}
	}
	if _, err := s.Invite(t.Context(), newRef("acme"), []string{"a@example.com"}, nil); err != nil {
		t.Errorf("without a topic: %v", err)
	}
}

func TestOneAddressInTwoSpellingsIsInvitedOnce(t *testing.T) {
	f, client := newFakeSNS(t)
	s, ref := sns.New(client, topics+"operations", prefix), newRef("acme")
	list := []string{"Ops@Example.com", "ops@example.com", "OPS@example.com"}
	must(t, askAll(t, s, ref, list))
	if diff := cmp.Diff(map[string]int{"CreateTopic": 1, "ListSubscriptionsByTopic": 1, "Subscribe": 1}, f.calls); diff != "" {
		t.Errorf("calls of SNS (-want +got):\n%s", diff)
	}
	f.clicks(confirmed, "Ops@Example.com")
	one := connector.RecipientConfirmed
	stands(t, s, ref, list, one, one, one)
	must(t, askAll(t, s, ref, list[1:])) // another spelling of the same person
	stands(t, s, ref, list[1:], one, one)
	if f.calls["Subscribe"] != 1 || f.calls["Unsubscribe"] != 0 {
		t.Errorf("calls of SNS: %v", f.calls)
	}

	// She is invited by another spelling before she has confirmed the first. She confirms one, and later both.
	ref = newRef("acme")
	must(t, askAll(t, s, ref, list[:1]))
	must(t, askAll(t, s, ref, list[1:]))
	f.clicks(confirmed, list[0])
	stands(t, s, ref, list, one, one, one)
	f.clicks(confirmed, list[1])
	f.read()
	mail := mailTo("one", list...)
	mail.Leavers = true // her first spelling has left the list
	must(t, s.Recipients(t.Context(), ref, mail))
	if got := f.read(); len(got) != 1 {
		t.Errorf("one person gets %v", got)
	}
}

// deliver subscribes a queue in place of each person, because moto delivers no mail. It returns what has arrived there.
func deliver(t *testing.T, cloud aws.Config, client *awssns.Client, topic string) (arrived func() []string) {
	t.Helper()
	queues := sqs.NewFromConfig(cloud)
	created, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("mail-" + connector.NewID())})
	must(t, err)
	name := (*created.QueueUrl)[strings.LastIndexByte(*created.QueueUrl, '/')+1:]
	_, err = client.Subscribe(t.Context(), &awssns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:eu-central-1:123456789012:" + name),
	})
	must(t, err)
	return func() []string {
		t.Helper()
		out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: created.QueueUrl, MaxNumberOfMessages: 10})
		must(t, err)
		var subjects []string
		for _, message := range out.Messages {
			var notification struct{ Subject string }
			must(t, json.Unmarshal([]byte(*message.Body), &notification))
			subjects = append(subjects, notification.Subject)
		}
		return subjects
	}
}

func TestSNSByMoto(t *testing.T) {
	cloud := awstest.Moto(t)
	client := awssns.NewFromConfig(cloud)
	created, err := client.CreateTopic(t.Context(), &awssns.CreateTopicInput{Name: aws.String("operations-" + connector.NewID())})
	must(t, err)
	s, ref := sns.New(client, *created.TopicArn, prefix), newRef("acme")
	list := []string{"a@example.com", "b@example.com"}
	for range 2 {
		must(t, askAll(t, s, ref, list))
		stands(t, s, ref, list, connector.RecipientConfirmed, connector.RecipientConfirmed)
	}
	must(t, askAll(t, s, ref, []string{"b@example.com", "c@example.com"}))
	out, err := client.ListSubscriptionsByTopic(t.Context(), &awssns.ListSubscriptionsByTopicInput{TopicArn: aws.String(prefix + ref.ID)})
	must(t, err)
	var subscribed []string
	for _, subscription := range out.Subscriptions {
		subscribed = append(subscribed, *subscription.Protocol+" "+*subscription.Endpoint)
	}
	slices.Sort(subscribed)
	if diff := cmp.Diff([]string{"email b@example.com", "email c@example.com"}, subscribed); diff != "" {
		t.Errorf("subscribed (-want +got):\n%s", diff)
	}

	arrived := deliver(t, cloud, client, *created.TopicArn)
	must(t, s.Operations(t.Context(), mailTo("to operations")))
	must(t, s.Recipients(t.Context(), ref, mailTo("to recipients", "b@example.com", "c@example.com")))
	if diff := cmp.Diff([]string{"to operations"}, arrived()); diff != "" {
		t.Errorf("mails to operations (-want +got):\n%s", diff)
	}
	for range 2 {
		must(t, s.Forget(t.Context(), ref))
		stands(t, s, ref, list, connector.RecipientNotSubscribed, connector.RecipientNotSubscribed)
		must(t, s.Recipients(t.Context(), ref, mailTo("to nobody", list...)))
	}
	if err := sns.New(client, *created.TopicArn+"-gone", prefix).Operations(t.Context(), mailTo("lost")); err == nil {
		t.Error("a mail to operations without a topic returned no error")
	}
}

// onceStore allows every mail to be sent.
type onceStore struct{ notify.Store }

func (onceStore) ClaimReminder(context.Context, connector.Ref, string, time.Duration) (bool, error) {
	return true, nil
}

func (onceStore) ReminderSent(context.Context, connector.Ref, string) error { return nil }

func TestNobodyReceivesAnotherTenantsMail(t *testing.T) {
	f, client := newFakeSNS(t)
	s := sns.New(client, topics+"operations", prefix)
	// Two tenants have two connectors each. Some connectors have the same address, two have the same id.
	lists := map[connector.Ref][]string{
		newRef("acme"): {"ann@acme.example", "both@example.com"}, newRef("acme-2"): {"bob@acme2.example", "both@example.com"},
		newRef("acme"): {"ann@acme.example"}, newRef("acme-2"): {"Ann@acme.example", "eve@acme2.example"},
	}
	for ref, list := range lists {
		must(t, askAll(t, s, ref, list))
		f.clicks(confirmed, list...)
	}
	f.read()
	for ref, list := range lists {
		notifier := notify.Notifier{Post: s, Store: onceStore{}, Now: time.Now}
		c := connector.Connector{Ref: ref, Account: copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "octo-demo"}}
		c.NotifyEmails = list
		if _, err := notifier.Once(t.Context(), &c, "name", connector.Notice{Kind: connector.NoticeHealed, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{}
		for _, email := range list {
			want[email] = []string{"GitHub Copilot data is back for octo-demo"}
		}
		if diff := cmp.Diff(want, f.read()); diff != "" {
			t.Errorf("the mails of %s (-want +got):\n%s", ref.Tenant, diff)
		}
	}
}

func TestErrorsOfSNSTellOnlyItsCode(t *testing.T) {
	calls := map[string]func(*sns.Post) error{
		"Publish":     func(s *sns.Post) error { return s.Operations(t.Context(), mailTo("x")) },
		"Subscribe":   func(s *sns.Post) error { return askAll(t, s, newRef("acme"), []string{"a@example.com"}) },
		"CreateTopic": func(s *sns.Post) error { return askAll(t, s, newRef("acme"), []string{"a@example.com"}) },
		"DeleteTopic": func(s *sns.Post) error { return s.Forget(t.Context(), newRef("acme")) },
		"ListSubscriptionsByTopic": func(s *sns.Post) error {
			return s.Recipients(t.Context(), newRef("acme"), notify.Mail{Subject: "x", Body: "x", To: []string{"a@example.com"}, Leavers: true})
		},
	}
	for action, call := range calls {
		for code, status := range map[string]int{"AuthorizationError": 403, "Throttling": 400, "InternalError": 500, "arn:aws:sns:1 a@example.com": 400} {
			t.Run(action+" "+code, func(t *testing.T) {
				f, client := newFakeSNS(t)
				f.instead = func(asked string, _ int) (int, string) {
					if asked == action {
						return status, code
					}
					return 0, ""
				}
				err := call(sns.New(client, topics+"operations", prefix))
				failure, ok := errors.AsType[*fault.Error](err)
				if !ok || failure.Code != fault.Mail || failure.Err == nil {
					t.Fatalf("the error is %v", err)
				}
				if cause := failure.Err.Error(); cause != code && cause != "no usable answer" {
					t.Errorf("its cause is %q", cause)
				}
				for _, secret := range []string{"arn:", "123456789012", "example.com", "canary"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("%v contains %s", err, secret)
					}
				}
			})
		}
	}
}

func TestAThrottledMailIsSentLater(t *testing.T) {
	f, client := newFakeSNS(t)
	f.instead = func(_ string, call int) (int, string) {
		if call < 4 {
			return http.StatusBadRequest, "Throttling"
		}
		return 0, ""
	}
	must(t, sns.New(client, topics+"operations", prefix).Operations(t.Context(), mailTo("x")))
	if f.calls["Publish"] != 4 {
		t.Errorf("tried %d times", f.calls["Publish"])
	}
}

func TestAMailWithALateOrLostAnswerIsNotSentSixTimes(t *testing.T) {
	for name, ails := range map[string]func(*fakeSNS, *awssns.Client) *awssns.Client{
		"late": func(f *fakeSNS, client *awssns.Client) *awssns.Client {
			f.late = 500 * time.Millisecond
			return client
		},
		"lost": func(_ *fakeSNS, client *awssns.Client) *awssns.Client {
			options := client.Options()
			options.HTTPClient = losesAnswers{options.HTTPClient}
			return awssns.New(options)
		},
		"cut": func(_ *fakeSNS, client *awssns.Client) *awssns.Client {
			options := client.Options()
			options.HTTPClient = cutsAnswers{options.HTTPClient}
			return awssns.New(options)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, client := newFakeSNS(t)
			err := sns.New(ails(f, client), topics+"operations", prefix).Operations(t.Context(), mailTo("x"))
			if !fault.Is(err, fault.Mail) {
				t.Errorf("the error is %v", err)
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.calls["Publish"] != 1 {
				t.Errorf("sent %d times", f.calls["Publish"])
			}
		})
	}
}

type losesAnswers struct{ client awssns.HTTPClient }

func (l losesAnswers) Do(r *http.Request) (*http.Response, error) {
	response, err := l.client.Do(r)
	if err != nil {
		return nil, err
	}
	return nil, errors.Join(response.Body.Close(), io.ErrUnexpectedEOF)
}

type cutsAnswers struct{ client awssns.HTTPClient }

func (c cutsAnswers) Do(r *http.Request) (*http.Response, error) {
	response, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	err = response.Body.Close()
	response.Body = io.NopCloser(iotest.ErrReader(syscall.ECONNRESET))
	return response, err
}

func TestAFailedInvitationHoldsUpNoOther(t *testing.T) {
	f, client := newFakeSNS(t)
	f.instead = func(action string, call int) (int, string) {
		if action == "Subscribe" && call == 1 {
			return http.StatusBadRequest, "InvalidParameter"
		}
		return 0, ""
	}
	s, ref, list := sns.New(client, topics+"operations", prefix), newRef("acme"), []string{"a@example.com", "b@example.com", "c@example.com"}
	if err := askAll(t, s, ref, list); !fault.Is(err, fault.Mail) {
		t.Errorf("the error is %v", err)
	}
	if asked := f.read(); len(asked) != 2 {
		t.Errorf("invited %v", asked)
	}
}
