// Package awsmint uses the secrets of the stack's own GitHub App on AWS. The client secret is in AWS Secrets Manager. The key is there
// too or, better, in AWS KMS, which signs and gives the key to nobody. The package also calls the function that uses the secrets. It
// keeps nothing, so the next call uses a replaced secret. It must not know what the secrets are for. Start reading at KMSKey.
package awsmint

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// KMSKey returns the Signer of an App whose key is in KMS, an asymmetric signing key of the kind RSA_2048. It needs kms:Sign.
func KMSKey(client *kms.Client, clientID, key string, now func() time.Time) apptoken.Key {
	return apptoken.Key{ClientID: clientID, Now: now, Sign: func(ctx context.Context, text []byte) ([]byte, error) {
		signed, err := client.Sign(ctx, &kms.SignInput{
			KeyId: &key, Message: text, MessageType: kmstypes.MessageTypeRaw, SigningAlgorithm: kmstypes.SigningAlgorithmSpecRsassaPkcs1V15Sha256,
		})
		if err != nil {
			return nil, failed("sign with the App's key", awserror.Told(err))
		}
		return signed.Signature, nil
	}}
}

// Secret is the secret of an App in Secrets Manager: {"clientSecret":"…"}, and "privateKey" unless that is in KMS. It needs
// secretsmanager:GetSecretValue of the current version.
type Secret struct {
	Client *secretsmanager.Client
	ARN    string
}

type content struct {
	ClientSecret string `json:"clientSecret"`
	PrivateKey   string `json:"privateKey"`
}

const opRead = "read the App's secret"

func (s Secret) read(ctx context.Context) (content, error) {
	secret, err := s.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &s.ARN, VersionStage: aws.String("AWSCURRENT")})
	if err != nil {
		return content{}, failed(opRead, awserror.Told(err))
	}
	var read content
	if json.Unmarshal([]byte(aws.ToString(secret.SecretString)), &read) != nil {
		return content{}, failed(opRead, errors.New("it is not JSON with clientSecret and privateKey"))
	}
	return read, nil
}

// ClientSecret returns the client secret.
func (s Secret) ClientSecret(ctx context.Context) (credential.Token, error) {
	read, err := s.read(ctx)
	if err == nil && read.ClientSecret == "" {
		err = failed(opRead, errors.New("it has no clientSecret"))
	}
	return credential.NewToken(read.ClientSecret), err
}

// Key returns the Signer of an App whose key is in the secret.
func (s Secret) Key(clientID string, now func() time.Time) apptoken.Key {
	return apptoken.Key{ClientID: clientID, Now: now, Sign: func(ctx context.Context, text []byte) ([]byte, error) {
		read, err := s.read(ctx)
		if err != nil {
			return nil, err
		}
		own, err := credential.NewApp(clientID, read.PrivateKey)
		if err != nil {
			return nil, failed(opRead, errors.New("its privateKey or the client id is not that of a GitHub App"))
		}
		app, _ := own.App()
		return app.Sign(text)
	}}
}

// Invoke returns the call of a function, for mint.NewClient. It needs lambda:InvokeFunction.
func Invoke(client *lambda.Client, function string) func(ctx context.Context, request []byte, once bool) ([]byte, error) {
	return func(ctx context.Context, request []byte, once bool) ([]byte, error) {
		answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: request}, func(o *lambda.Options) {
			if once {
				o.RetryMaxAttempts = 1
			}
		})
		switch {
		case err != nil:
			return nil, awserror.Told(err)
		case answer.FunctionError != nil: // its text is for its own log
			return nil, errors.New("the function failed")
		}
		return answer.Payload, nil
	}
}

func failed(op string, err error) error {
	return &fault.Error{Code: fault.Vault, Op: op, Err: err}
}
