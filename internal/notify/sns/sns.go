// Package sns sends mail through AWS SNS and keeps the subscriptions of a connector's topic equal to its list of recipients.
// Each method names the IAM actions that it needs. Start reading at Post.
package sns

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"golang.org/x/time/rate"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/notify"
)

// Post sends mail through one topic for operations, and one topic for each connector that has recipients. Comparisons of
// addresses ignore letter case: a person whose address is written in two ways must get one mail, and it is unheard of that
// addresses of two people differ only in case.
type Post struct {
	client     *sns.Client
	operations string // the ARN of the stack's own topic
	prefix     string // the ARN of a connector's topic is this prefix and the connector's id
	pace       *rate.Limiter
}

// publishesASecond is below SNS's smallest quota, which is 300 mails a second for all topics of an account in a region. In
// larger regions it is 1,000 to 30,000.
const publishesASecond = 250

var _ notify.Post = (*Post)(nil)

// New returns a Post. operations is the ARN of the stack's topic. The ARN of a connector's topic is the prefix and the
// connector's id.
func New(client *sns.Client, operationsARN, prefixARN string) *Post {
	return &Post{client: client, operations: operationsARN, prefix: prefixARN, pace: rate.NewLimiter(publishesASecond, 10)}
}

// Operations implements notify.Post. It needs sns:Publish.
func (p *Post) Operations(ctx context.Context, m notify.Mail) error {
	return failed("mail operations", p.publish(ctx, p.operations, m))
}

// Recipients implements notify.Post. It succeeds if the topic does not exist, because then there are no recipients. It looks
// the subscribers up only if the mail has Leavers: SNS answers 30 such questions a second, for the whole account and region.
// It needs sns:Publish, ListSubscriptionsByTopic and Unsubscribe.
func (p *Post) Recipients(ctx context.Context, ref connector.Ref, m notify.Mail) error {
	var err error
	if m.Leavers {
		_, err = p.keepOnly(ctx, ref, m.To)
	}
	if err == nil {
		err = p.publish(ctx, p.topic(ref), m)
	}
	if isGone(err) {
		return nil
	}
	return failed("mail recipients", err)
}

func (p *Post) publish(ctx context.Context, topic string, m notify.Mail) error {
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range m.Attributes {
		attributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	message := &sns.PublishInput{TopicArn: &topic, Subject: &m.Subject, Message: &m.Body, MessageAttributes: attributes}
	if err := p.pace.Wait(ctx); err != nil {
		return err
	}
	_, err := p.client.Publish(ctx, message, func(o *sns.Options) { o.Retryer = answered{o.Retryer} })
	return err
}

// answered is a retryer that repeats a call only if SNS has answered with a refusal. If the answer is lost or late, SNS may
// have sent the mail already, and six attempts could send six mails.
type answered struct{ aws.Retryer }

// IsErrorRetryable implements aws.Retryer.
func (a answered) IsErrorRetryable(err error) bool {
	response, ok := errors.AsType[*awshttp.ResponseError](err)
	return ok && response.HTTPStatusCode() >= 400 && a.Retryer.IsErrorRetryable(err)
}

// Invite makes exactly these addresses the connector's recipients, and asks those in ask by mail to confirm. It returns the
// addresses that were asked or have confirmed already. If one cannot be asked, the others still are. It needs
// sns:CreateTopic, DeleteTopic, Subscribe, Unsubscribe and ListSubscriptionsByTopic.
func (p *Post) Invite(ctx context.Context, ref connector.Ref, emails, ask []string) (asked []string, err error) {
	const op = "invite recipients"
	if len(emails) == 0 {
		return nil, p.Forget(ctx, ref)
	}
	topic := p.topic(ref)
	if len(ask) > 0 {
		name := topic[strings.LastIndexByte(topic, ':')+1:]
		if _, err := p.client.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name}); err != nil { // succeeds if the topic exists already
			return nil, failed(op, err)
		}
	}
	states, err := p.keepOnly(ctx, ref, emails)
	if err != nil && (len(ask) > 0 || !isGone(err)) {
		return nil, failed(op, err)
	}
	var problems []error
	for _, email := range ask {
		// A second spelling of an address is not in the map: its owner is asked by the first spelling.
		if state, first := states[email]; first && state != connector.RecipientConfirmed {
			_, err := p.client.Subscribe(ctx, &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("email"), Endpoint: &email})
			if err != nil {
				problems = append(problems, failed(op, err))
				continue
			}
		}
		asked = append(asked, email)
	}
	return asked, errors.Join(problems...)
}

// Confirmations returns the state of each address, and unsubscribes every other address. It needs sns:ListSubscriptionsByTopic
// and Unsubscribe.
func (p *Post) Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error) {
	states, err := p.keepOnly(ctx, ref, emails)
	if err != nil && !isGone(err) {
		return nil, failed("look up recipients", err)
	}
	recipients := make([]connector.Recipient, len(emails))
	for i, email := range emails {
		recipients[i] = connector.Recipient{Email: email, State: connector.RecipientNotSubscribed}
		for other, state := range states {
			if strings.EqualFold(other, email) {
				recipients[i].State = state
			}
		}
	}
	return recipients, nil
}

// Forget removes the connector's topic with all its subscriptions. It needs sns:DeleteTopic.
func (p *Post) Forget(ctx context.Context, ref connector.Ref) error {
	_, err := p.client.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: aws.String(p.topic(ref))})
	if isGone(err) {
		return nil
	}
	return failed("remove recipients", err)
}

func (p *Post) topic(ref connector.Ref) string { return p.prefix + ref.ID }

func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &fault.Error{Code: fault.Mail, Op: op, Err: awserror.Told(err)}
}

// isGone reports whether the error means that a topic or a subscription does not exist.
func isGone(err error) bool {
	_, gone := errors.AsType[*types.NotFoundException](err)
	return gone
}
