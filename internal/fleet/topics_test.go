package fleet_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// SNS's quotas for all topics of an account in a region, in calls a second. That of mails is the one of its small regions.
// https://docs.aws.amazon.com/general/latest/gr/sns.html
const (
	mailsASecond     = 300
	questionsASecond = 30
)

// topics is a simulated SNS. It refuses calls above its quotas.
type topics struct {
	mu             sync.Mutex
	mailed, listed quota
	toPeople       map[connector.Ref]int
	toOperators    int
	asked, refused int
	answers        time.Duration // the time that it takes to answer
	isDead         bool
}

// quota is a bucket that refills by a number of calls a second and holds those of half a second.
type quota struct {
	perSecond, left float64
	at              time.Time
}

func (q *quota) takes() bool {
	now := time.Now()
	q.left, q.at = min(q.perSecond/2, q.left+q.perSecond*now.Sub(q.at).Seconds()), now
	if q.left < 1 {
		return false
	}
	q.left--
	return true
}

func newTopics() *topics {
	return &topics{
		mailed: quota{perSecond: mailsASecond}, listed: quota{perSecond: questionsASecond}, toPeople: map[connector.Ref]int{}, answers: postAnswers,
	}
}

// answers are the shortest ones that the client accepts.
var answers = map[string]string{
	"Publish":                  "<PublishResponse><PublishResult></PublishResult></PublishResponse>",
	"ListSubscriptionsByTopic": "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>",
}

const topicPrefix = "arn:aws:sns:eu-west-1:123456789012:topic_"

// post returns the program's client of SNS. It uses no network.
func (s *topics) post() *sns.Post {
	config := awsclient.Config(platform.AWSSettings{Region: "eu-west-1", AccessKeyID: "test", SecretAccessKey: "test"})
	config.HTTPClient = s
	return sns.New(awssns.NewFromConfig(config), topicPrefix+"operations", topicPrefix)
}

// Do carries out a call.
func (s *topics) Do(r *http.Request) (*http.Response, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	action, topic := r.Form.Get("Action"), strings.TrimPrefix(r.Form.Get("TopicArn"), topicPrefix)
	taken, err := s.take(action, topic)
	if err != nil {
		return nil, err
	}
	time.Sleep(s.answers)
	w := httptest.NewRecorder()
	if taken {
		_, _ = fmt.Fprint(w, answers[action])
	} else {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>")
	}
	return w.Result(), nil
}

// take reports whether a call is within its quota. It counts mails.
func (s *topics) take(action, topic string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.isDead:
		return false, errDead
	case action == "ListSubscriptionsByTopic":
		s.asked++
		if !s.listed.takes() {
			s.refused++
			return false, nil
		}
	case action != "Publish":
		return false, errors.New(action + " is not simulated")
	case !s.mailed.takes():
		s.refused++
		return false, nil
	case topic == "operations":
		s.toOperators++
	default:
		s.toPeople[connector.Ref{Tenant: "acme", ID: topic}]++
	}
	return true, nil
}
