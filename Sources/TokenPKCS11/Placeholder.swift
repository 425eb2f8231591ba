enum TokenPKCS11Placeholder {}
