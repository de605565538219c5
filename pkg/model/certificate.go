package model

// Certificate is a TLS certificate in a Secret in the app's namespace, such as
// one that the app presents to its peers.
type Certificate struct {
	// Name is unique in the app; the object is named APP-NAME.
	Name string `json:"name"`
	// Secret is the Secret's name. Default: APP-NAME.
	Secret string `json:"secret,omitempty"`
	// Issuer names one of the fleet's issuers. Default: the environment's.
	Issuer string `json:"issuer,omitempty"`
	// DNSNames are the DNS names of the certificate. With a public issuer, a name
	// without a dot is completed with the environment's domain.
	DNSNames []string `json:"dnsNames,omitempty"`
	// IPAddresses are the IP addresses of the certificate; not with a public issuer.
	IPAddresses []string `json:"ipAddresses,omitempty"`
	// URIs are identities such as spiffe://acme/shop; not with a public issuer.
	URIs []string `json:"uris,omitempty"`
	// CommonName is the common name of the subject; not with a public issuer.
	// Default: none.
	CommonName string `json:"commonName,omitempty"`
	// Usages are what it may be used for. Default: digital signature, server auth.
	Usages []string `json:"usages,omitempty"`
	// Duration is how long it is valid, as in 2160h. Default: 2160h with a private
	// issuer; a public one sets the duration itself.
	Duration string `json:"duration,omitempty"`
	// RenewBefore is how long before its expiry it is renewed, as in 720h. Default:
	// 720h with a private issuer. At most one of this and RenewBeforePercentage is
	// set.
	RenewBefore string `json:"renewBefore,omitempty" oneof:"true"`
	// RenewBeforePercentage is the percentage of its lifetime that is left at
	// renewal. Default: 33 with a public issuer, whose certificates have shorter and
	// shorter lifetimes.
	RenewBeforePercentage *int32 `json:"renewBeforePercentage,omitempty" oneof:"true"`
	// IsCA makes it the certificate of a certificate authority. Default: false.
	IsCA *bool `json:"isCA,omitempty"`
	// PrivateKey configures the private key.
	PrivateKey *PrivateKey `json:"privateKey,omitempty"`
	// Keystores adds keystore files, for Java and others, to the Secret.
	Keystores *Keystores `json:"keystores,omitempty"`
	// SecretTemplate is added to the Secret.
	SecretTemplate *SecretMeta `json:"secretTemplate,omitempty"`
	// RevisionHistoryLimit is the number of old requests to keep. Default: 1.
	RevisionHistoryLimit *int32 `json:"revisionHistoryLimit,omitempty"`
}

// PrivateKey configures the private key of a certificate.
type PrivateKey struct {
	// Algorithm is ECDSA, RSA or Ed25519. Default: ECDSA.
	Algorithm string `json:"algorithm,omitempty"`
	// Size is the key's size in bits. Default: 256 for ECDSA, 2048 for RSA.
	Size *int32 `json:"size,omitempty"`
	// Encoding is PKCS8 or PKCS1. Default: PKCS8.
	Encoding string `json:"encoding,omitempty"`
	// RotationPolicy is Always or Never. Default: Always.
	RotationPolicy string `json:"rotationPolicy,omitempty"`
}

// Keystores are further forms of a certificate in its Secret.
type Keystores struct {
	// JKS adds keystore.jks and truststore.jks.
	JKS *Keystore `json:"jks,omitempty"`
	// PKCS12 adds keystore.p12 and truststore.p12.
	PKCS12 *Keystore `json:"pkcs12,omitempty"`
}

// Keystore is a keystore.
type Keystore struct {
	// Password is the key of a Secret with the keystore's password.
	Password SecretKeySelector `json:"password,omitzero"`
	// Alias is the name of the key in it. cert-manager's default: certificate.
	Alias string `json:"alias,omitempty"`
}

// SecretKeySelector names a key of a Secret.
type SecretKeySelector struct {
	// Name is the Secret's name.
	Name string `json:"name,omitempty"`
	// Key is the key inside it.
	Key string `json:"key,omitempty"`
}

// SecretMeta is metadata of a Secret.
type SecretMeta struct {
	// Labels are the Secret's.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are the Secret's.
	Annotations map[string]string `json:"annotations,omitempty"`
}
