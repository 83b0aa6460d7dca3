package exchange

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"

	"entente/party"
)

// errStranger refuses a line whose other end is no counterpart of this server.
var errStranger = errors.New("the other end is not a counterpart whose number has been compared here")

// certificate is the self-signed certificate of an exchange key. It says nothing but the key: no
// name, no address; whoever knows the party's card knows the key.
func certificate(key ed25519.PrivateKey) (tls.Certificate, error) {
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(nil, &template, &template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the certificate of the exchange key: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// peerKey is the key that the other end has proved to hold. Names, dates and issuers in its
// certificate mean nothing here.
func peerKey(s tls.ConnectionState) (ed25519.PublicKey, error) {
	if s.Version != tls.VersionTLS13 || len(s.PeerCertificates) != 1 {
		return nil, errStranger
	}
	key, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return nil, errStranger
	}
	return key, nil
}

// serverTLS lets in whoever holds an exchange key that known knows.
func serverTLS(keys party.Keys, known func(ed25519.PublicKey) bool) (*tls.Config, error) {
	cert, err := certificate(keys.Exchange())
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert,
		SessionTicketsDisabled: true, NextProtos: []string{"http/1.1"},
		VerifyConnection: func(s tls.ConnectionState) error {
			key, err := peerKey(s)
			if err != nil {
				return err
			}
			if !known(key) {
				return errStranger
			}
			return nil
		},
	}, nil
}

// clientTLS talks to the holder of that one exchange key.
func clientTLS(keys party.Keys, pin ed25519.PublicKey) (*tls.Config, error) {
	cert, err := certificate(keys.Exchange())
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert},
		NextProtos: []string{"http/1.1"}, ServerName: "entente",
		// Chains and names are not verified because there are none: the key is, below.
		InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			key, err := peerKey(s)
			if err != nil {
				return err
			}
			if !key.Equal(pin) {
				return errStranger
			}
			return nil
		},
	}, nil
}
