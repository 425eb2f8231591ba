enum KMSAPIPlaceholder {}
