// A self-signed certificate for localhost, for servers that are given none. Its key is public: it protects nothing.

export const builtInKey: string = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZ1XNL8yqHxPi26yW
62wcWvpE5OAX6VKvVLveRCKmAY6hRANCAAR98Adz38//XiqydaaXmObarlY7mOjr
pJ9xrV45fvIz67gcoGaZCLXJVaZFgLvxJK7gIEdpkn5BW1ZJKQ9h/i5W
-----END PRIVATE KEY-----
`;

/** What a client may trust instead of verifying nothing: it is for `localhost`, `127.0.0.1` and `::1`, and valid beyond 2100. */
export const builtInCertificate: string = `-----BEGIN CERTIFICATE-----
MIIBwDCCAWegAwIBAgIUPe7tNPI8jqtgaZSAwaQXIuTiPLQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIxMjQwOVoYDzIxMzYwNTMw
MjEyNDA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR98Adz38//XiqydaaXmObarlY7mOjrpJ9xrV45fvIz67gcoGaZCLXJ
VaZFgLvxJK7gIEdpkn5BW1ZJKQ9h/i5Wo4GUMIGRMB0GA1UdDgQWBBSPz01tjBjc
drjSDFXuQIKr3wMuATAfBgNVHSMEGDAWgBSPz01tjBjcdrjSDFXuQIKr3wMuATAs
BgNVHREEJTAjgglsb2NhbGhvc3SHBH8AAAGHEAAAAAAAAAAAAAAAAAAAAAEwDAYD
VR0TAQH/BAIwADATBgNVHSUEDDAKBggrBgEFBQcDATAKBggqhkjOPQQDAgNHADBE
AiBazyZ7gDWPYUD2xCVWrbDz3btdXVmSYOuyzOEtWpU0IgIgYfxgr8+1Ib7wcuLm
0rHxAWkAS7SK2Uc37dPGo2pLkqw=
-----END CERTIFICATE-----
`;
