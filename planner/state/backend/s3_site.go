package backend

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// s3Site is where a bucket is.
type s3Site struct {
	bucket, key, region string
	// host of the server, with its port; custom is true when it is not Amazon's.
	host           string
	custom, secure bool
	// pathStyle asks for the bucket in the path rather than in the name of the host.
	pathStyle bool
}

// region is what names of regions are made of, because they become part of a host.
var region = regexp.MustCompile(`^[a-z0-9-]+$`)

// newS3Site reads the block and the environment. Each argument may come from either:
// LOCKSTEP_S3_BUCKET is bucket, and so on. AWS_REGION and AWS_ENDPOINT_URL_S3 mean
// what they mean to Amazon's tools ("AWS SDKs and Tools Reference Guide").
func newS3Site(o Options) (s3Site, error) {
	read := func(name string) string {
		return cmp.Or(o.Getenv("LOCKSTEP_S3_"+strings.ToUpper(name)), o.Arguments[name])
	}
	s := s3Site{
		bucket: read("bucket"), key: strings.Trim(read("key"), "/"), secure: true,
		region: cmp.Or(read("region"), o.Getenv("AWS_REGION"), o.Getenv("AWS_DEFAULT_REGION"), "us-east-1"),
	}
	if s.bucket == "" || s.key == "" {
		return s, errors.New("the backend \"s3\" needs a bucket and a key: write them into the block, or set LOCKSTEP_S3_BUCKET and LOCKSTEP_S3_KEY")
	}
	if err := s3utils.CheckValidBucketNameStrict(s.bucket); err != nil {
		return s, fmt.Errorf("the backend \"s3\" has no bucket %q: %w", s.bucket, err)
	}
	if !region.MatchString(s.region) {
		return s, fmt.Errorf("the backend \"s3\" has no region %q: it is a name such as eu-central-1", s.region)
	}
	var err error
	if style := read("use_path_style"); style != "" {
		if s.pathStyle, err = strconv.ParseBool(style); err != nil {
			return s, fmt.Errorf("use_path_style of the backend \"s3\" is true or false, not %q", style)
		}
	}
	return s, s.find(o)
}

// find sets the host. Credentials go to no server that only the files name.
func (s *s3Site) find(o Options) error {
	trusted := cmp.Or(o.Getenv("LOCKSTEP_S3_ENDPOINT"), o.Getenv("AWS_ENDPOINT_URL_S3"), o.Getenv("AWS_ENDPOINT_URL"))
	written := o.Arguments["endpoint"]
	if cmp.Or(trusted, written) == "" {
		s.host = "s3." + s.region + ".amazonaws.com"
		return nil
	}
	at, err := checkEndpoint(cmp.Or(trusted, written))
	switch {
	case err != nil:
		return err
	case trusted != "" && written != "" && strings.TrimSuffix(trusted, "/") != strings.TrimSuffix(written, "/"):
		return errors.New("the endpoint in the backend block is not the one in the environment (LOCKSTEP_S3_ENDPOINT, AWS_ENDPOINT_URL_S3): correct one of them, or write none into the block")
	case trusted == "" && !loopback(at):
		return fmt.Errorf("no credentials are sent to %s, which only the files name: set LOCKSTEP_S3_ENDPOINT to the endpoint that they are for", at.Host)
	}
	s.host, s.custom, s.secure = at.Host, true, at.Scheme == "https"
	return nil
}

func checkEndpoint(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" || at.RawQuery != "":
		return nil, errors.New("the endpoint of the backend \"s3\" is not an address such as https://s3.example.com")
	case at.User != nil:
		return nil, errors.New("the endpoint of the backend \"s3\" has a user or password in it: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead")
	case at.Scheme == "http" && !loopback(at):
		return nil, fmt.Errorf("the endpoint of the backend \"s3\" is not encrypted: write https://%s", at.Host)
	}
	return at, nil
}

// metadataTime is how long the metadata service of a machine may take, which most
// machines do not have.
const metadataTime = 2 * time.Second

// credentials come from the environment, from the files of a profile, or from what
// the environment or the machine stands for (web identity, container, EC2), in the
// order of Amazon's tools.
func (s s3Site) credentials(o Options) *credentials.Credentials {
	if id, secret := o.Getenv("AWS_ACCESS_KEY_ID"), o.Getenv("AWS_SECRET_ACCESS_KEY"); id != "" && secret != "" {
		return credentials.NewStaticV4(id, secret, o.Getenv("AWS_SESSION_TOKEN"))
	}
	chain := []credentials.Provider{&credentials.FileAWSCredentials{Filename: o.Getenv("AWS_SHARED_CREDENTIALS_FILE"), Profile: o.Getenv("AWS_PROFILE")}}
	switch {
	case cmp.Or(o.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE"), o.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), o.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")) != "":
		chain = append(chain, &credentials.IAM{Client: &http.Client{Timeout: answerTime}})
	case !s.custom && !strings.EqualFold(o.Getenv("AWS_EC2_METADATA_DISABLED"), "true"):
		chain = append(chain, &credentials.IAM{Client: &http.Client{Timeout: metadataTime}})
	}
	return credentials.NewChainCredentials(chain)
}
